# berm hook under the ways people commit.
load helper

setup() {
    repository
    "$BERM" hook install
}

remove_database() { git rm -q main.tf; }
trailer() { git log -1 --format='%(trailers:key=Berm-Ack,valueonly)'; }

@test "silent and passing for a harmless commit" {
    echo more >>notes.txt
    run git commit -qam harmless
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "git commit is stopped with the full verdict" {
    remove_database
    run git commit -qm removal
    [ "$status" -ne 0 ]
    [[ "$output" == *aws_db_instance.main* ]]
    [[ "$output" == *BERM_ACK* ]]
    [ "$(git rev-list --count HEAD)" -eq 1 ]
}

@test "BERM_ACK goes on and the reason becomes a trailer" {
    remove_database
    BERM_ACK="moved to the new cluster" run git commit -qm removal
    [ "$status" -eq 0 ]
    [ "$(trailer)" = "moved to the new cluster" ]
    [ "$(git log -1 --format=%s)" = removal ]
}

@test "the trailer joins a block of trailers, once; newlines in the reason do not make lines" {
    remove_database
    BERM_ACK=$'two\nlines' git commit -qm removal -m 'Signed-off-by: t <t@localhost>'
    [ "$(git log -1 --format=%B | grep -c .)" -eq 3 ]
    [ "$(trailer)" = "two lines" ]
}

@test "the trailer stands before comments of an editor" {
    remove_database
    printf '#!/bin/sh\nsed -i "1s/.*/edited/" "$1"\n' >../editor
    chmod +x ../editor
    BERM_ACK=reason GIT_EDITOR="$PWD/../editor" git commit -q -v
    [ "$(git log -1 --format=%s)" = edited ]
    [ "$(trailer)" = reason ]
}

@test "no trailer for a harmless commit; a blank BERM_ACK is none" {
    echo more >>notes.txt
    BERM_ACK=reason git commit -qam harmless
    [ -z "$(trailer)" ]
    remove_database
    BERM_ACK="  " run git commit -qm removal
    [ "$status" -ne 0 ]
}

@test "git commit -a" {
    rm main.tf
    run git commit -qam removal
    [ "$status" -ne 0 ]
    BERM_ACK=reason git commit -qam removal
    [ "$(trailer)" = reason ]
}

@test "git commit FILE judges that file only" {
    rm main.tf
    echo more >>notes.txt
    run git commit -qm notes notes.txt
    [ "$status" -eq 0 ]
    run git commit -qm removal main.tf
    [ "$status" -ne 0 ]
    BERM_ACK=reason git commit -qm removal main.tf
    [ "$(trailer)" = reason ]
}

@test "git commit --amend" {
    echo more >>notes.txt
    git commit -qam harmless
    remove_database
    run git commit -q --amend --no-edit
    [ "$status" -ne 0 ]
    BERM_ACK=reason git commit -q --amend --no-edit
    [ "$(trailer)" = reason ]
    [ "$(git log -1 --format=%s)" = harmless ]
}

@test "in a linked worktree, and from a subfolder" {
    git worktree add -q ../linked -b side
    cd ../linked
    mkdir sub
    remove_database
    cd sub
    run git commit -qm removal
    [ "$status" -ne 0 ]
    BERM_ACK=reason git commit -qm removal
    [ "$(trailer)" = reason ]
}

@test "core.hooksPath" {
    git config core.hooksPath ../hooks
    "$BERM" hook install
    [ -x ../hooks/pre-commit ]
    remove_database
    run git commit -qm removal
    [ "$status" -ne 0 ]
}

@test "an existing hook goes on working, and comes back on uninstall" {
    "$BERM" hook uninstall
    [ ! -e .git/hooks/pre-commit ]
    printf '#!/bin/sh\necho before >>../ran\n[ ! -e ../refuse ]\n' >.git/hooks/pre-commit
    chmod +x .git/hooks/pre-commit
    cp .git/hooks/pre-commit ../kept
    "$BERM" hook install
    "$BERM" hook install
    echo more >>notes.txt
    git commit -qam one
    [ "$(cat ../ran)" = before ]
    touch ../refuse
    echo more >>notes.txt
    run git commit -qam two
    [ "$status" -ne 0 ]
    "$BERM" hook uninstall
    cmp .git/hooks/pre-commit ../kept
    [ ! -e .git/hooks/commit-msg ]
}

@test "the first commit of a repository" {
    git init -q ../first
    cd ../first
    "$BERM" hook install
    database >main.tf
    git add .
    run git commit -qm first
    [ "$status" -eq 0 ]
}

@test "a program that is gone stops the commit and says so" {
    sed -i "s#^berm=.*#berm=/no/such/berm#" .git/hooks/pre-commit
    echo more >>notes.txt
    PATH=/usr/bin:/bin run git commit -qam harmless
    [ "$status" -ne 0 ]
    [[ "$output" == *"the program is gone"* ]]
}
