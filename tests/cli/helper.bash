# What all command-line tests share. BERM is the program (default build-test/berm).
ROOT="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
BERM="$(realpath "${BERM:-$ROOT/build-test/berm}")"
export BERM ROOT

# A home without configuration, and a repository in $PWD/repo with one commit.
fresh() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME="$PWD" GIT_CONFIG_NOSYSTEM=1 NO_COLOR=1
    unset BERM_ACK XDG_CONFIG_HOME GIT_DIR GIT_INDEX_FILE
    git config --global user.name tester
    git config --global user.email tester@localhost
    git config --global init.defaultBranch main
}

repository() {
    fresh
    git init -q repo
    cd repo || return 1
    database >main.tf
    echo hello >notes.txt
    git add .
    git commit -qm first
}

database() {
    printf 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n'
}

# A file whose parser aborts, and the rules directory that gives it a dialect: test builds only.
can_crash() { "$BERM" version --json | grep -q '"crash"'; }
