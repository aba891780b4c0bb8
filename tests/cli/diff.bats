# Every form of `berm diff`.
load helper

setup() { repository; }

finds_removal() { [ "$status" -eq 0 ] && [[ "$output" == *aws_db_instance.main* ]]; }

@test "the work tree" {
    rm main.tf
    run "$BERM" diff
    finds_removal
}

@test "from a subfolder, and only the paths asked for" {
    rm main.tf
    mkdir -p sub
    echo x >sub/y.txt
    cd sub
    run "$BERM" diff
    finds_removal
    run "$BERM" diff -- .
    [[ "$output" != *aws_db_instance* ]]
    run "$BERM" diff -- ../main.tf
    finds_removal
}

@test "--staged looks at the index only" {
    rm main.tf
    run "$BERM" diff --staged
    [[ "$output" == auto* ]]
    git add -A
    run "$BERM" diff --staged
    finds_removal
}

@test "REV, A..B, A...B, --commit" {
    git rm -q main.tf
    git commit -qm second
    run "$BERM" diff HEAD~1
    finds_removal
    run "$BERM" diff HEAD~1..HEAD
    finds_removal
    run "$BERM" diff HEAD~1...HEAD
    finds_removal
    run "$BERM" diff --commit HEAD
    finds_removal
}

@test "the first commit, and an empty repository" {
    run "$BERM" diff --commit HEAD
    [ "$status" -eq 0 ]
    git init -q ../empty
    cd ../empty
    run "$BERM" diff
    [ "$status" -eq 0 ]
    database >main.tf
    git add .
    run "$BERM" diff --staged
    [ "$status" -eq 0 ]
}

@test "--patch from a file and from standard input" {
    git rm -q main.tf
    git diff --cached >../removal.patch
    run "$BERM" diff --patch ../removal.patch
    finds_removal
    run bash -c '"$BERM" diff --patch - <../removal.patch'
    finds_removal
    run "$BERM" diff --patch ../removal.patch --base HEAD
    finds_removal
    cd ..
    GIT_CEILING_DIRECTORIES="$PWD" run "$BERM" diff --patch removal.patch
    finds_removal
}

@test "--trees" {
    mkdir -p ../old ../new
    cp main.tf ../old
    run "$BERM" diff --trees ../old ../new
    finds_removal
}

@test "two files" {
    : >../empty.tf
    run "$BERM" diff main.tf ../empty.tf
    finds_removal
}

@test "a linked worktree, a detached HEAD" {
    git worktree add -q ../linked -b side
    cd ../linked
    rm main.tf
    run "$BERM" diff
    finds_removal
    git checkout -q --detach
    git rm -q --cached main.tf
    run "$BERM" diff --staged
    finds_removal
}

@test "a bare repository" {
    git rm -q main.tf
    git commit -qm second
    git clone -q --bare . ../bare.git
    cd ../bare.git
    run "$BERM" diff HEAD~1..HEAD
    finds_removal
}

@test "a merge is judged against its first parent" {
    git checkout -qb side
    echo side >side.txt
    git add .
    git commit -qm side
    git checkout -q main
    git rm -q main.tf
    git commit -qm removal
    git merge -q -m merge side
    run "$BERM" diff --commit HEAD
    [[ "$output" == auto* ]]
}

@test "names with spaces, newlines and quotes" {
    mkdir -p $'a "b\nc'
    database >$'a "b\nc/main.tf'
    git add .
    git commit -qm odd
    git rm -qr $'a "b\nc'
    run "$BERM" diff --staged
    finds_removal
    [[ "$output" != *$'a "b\nc/main.tf'* ]]
    run bash -c '"$BERM" diff --staged --format json | python3 -c "import json,sys; print(json.load(sys.stdin)[\"findings\"][0][\"path\"])"'
    [ "$output" = $'a "b\nc/main.tf' ]
}

@test "--format json is JSON, twice the same bytes; --output writes it to a file" {
    git rm -q main.tf
    "$BERM" diff --staged --format json >../one.json
    "$BERM" diff --staged --format json --output ../two.json
    cmp ../one.json ../two.json
    python3 -m json.tool ../one.json >/dev/null
}

@test "--color always and never; no colour into a pipe" {
    git rm -q main.tf
    unset NO_COLOR
    run "$BERM" diff --staged
    [[ "$output" != *$'\e['* ]]
    run "$BERM" diff --staged --color always
    [[ "$output" == *$'\e['* ]]
    NO_COLOR=1 run "$BERM" diff --staged --color never
    [[ "$output" != *$'\e['* ]]
}

@test "a suppression in the policy counts until its day, and only from the target's side" {
    printf 'suppressions:\n  - {rule: "**", path: "**", reason: known, until: 2027-01-31}\n' >.berm.yml
    sed -i 's/"\*\*", path/"*\/*", path/' .berm.yml
    git add .
    git commit -qm policy
    git rm -q main.tf
    run "$BERM" diff --staged --today 2027-01-31
    [[ "$output" == auto* ]]
    run "$BERM" diff --staged --today 2027-02-01 --fail-on senior
    [ "$status" -eq 1 ]
}

@test "the parser killers are answered, in every input mode, and the other files judged" {
    for killer in $(python3 "$BATS_TEST_DIRNAME/killers.py" --list); do
        mkdir "../$killer"
        python3 "$BATS_TEST_DIRNAME/killers.py" "../$killer" "$killer"
        run timeout 60 "$BERM" diff --trees "../$killer/before" "../$killer/after"
        [ "$status" -eq 0 ] || [ "$status" -eq 4 ] || { echo "$killer gave $status"; false; }
        [[ "$output" == *aws_db_instance.main* ]] || { echo "$killer: $output"; false; }
        cp "../$killer"/after/killer/* .
    done
    rm main.tf
    git add -A
    run timeout 60 "$BERM" diff
    [ "$status" -eq 4 ]
    [[ "$output" == *aws_db_instance.main* ]]
    run timeout 60 "$BERM" diff --staged --fail-on senior
    [ "$status" -eq 1 ]
    git commit -qm killers
    run timeout 60 "$BERM" scan . --range HEAD~1..HEAD
    [ "$status" -eq 0 ]
    [[ "$output" == *aws_db_instance.main* ]]
    git diff HEAD~1 HEAD >../killers.patch
    run timeout 60 "$BERM" diff --patch ../killers.patch --base HEAD~1
    [ "$status" -eq 4 ]
    [[ "$output" == *aws_db_instance.main* ]]
}

@test "a parser that crashes takes one file with it" {
    can_crash || skip "this build has no grammar that crashes"
    rules="$ROOT/tests/cli/crash"
    echo '{"a": "!"}' >dead.crash
    echo '{"a": "b"}' >alive.crash
    git add .
    git commit -qm crash
    echo '{"a": "!!"}' >dead.crash
    echo '{"a": "c"}' >alive.crash
    rm main.tf
    run "$BERM" diff --rules "$rules"
    [ "$status" -eq 4 ]
    "$BERM" diff --rules "$rules" --format json --allow-incomplete >../report.json
    [[ "$output" == *aws_db_instance.main* ]]
    [[ "$output" != *alive.crash* ]]
}

# module_of NAME INNER: a subnet, and a call of another module that stands beside it.
module_of() {
    mkdir -p "modules/$1"
    printf 'variable "network" {}\nresource "aws_subnet" "s" {\n  vpc_id     = var.network\n  cidr_block = "10.0.1.0/24"\n}\n' >"modules/$1/main.tf"
    [ -z "${2:-}" ] || printf 'module "inner" {\n  source  = "../%s"\n  network = var.network\n}\n' "$2" >>"modules/$1/main.tf"
}

@test "what falls in modules that are committed beside each other" {
    module_of a b
    module_of b c
    module_of c
    module_of unused
    mkdir prod
    printf 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\nmodule "a" {\n  source  = "../modules/a"\n  network = aws_vpc.v.id\n}\n' >prod/main.tf
    git add -A
    git commit -qm modules
    sed -i 's/10.0.0.0/10.1.0.0/' prod/main.tf
    for how in "" --staged HEAD; do
        "$BERM" diff $how --format json >../report.json
        jq -e '[.findings[] | select(.object == "aws_vpc.v") | .cascade[]] | sort == ["module.a.aws_subnet.s", "module.a.module.inner.aws_subnet.s", "module.a.module.inner.module.inner.aws_subnet.s"]' ../report.json
        git add -A
    done
}
