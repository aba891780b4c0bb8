#include "entity_fixture.h"

#include "base/strbuf.h"

static void test_parameters(void **state) {
    static const struct expectation table[] = {
        {"Remove-Item -Path C:\\data -Recurse -Force -ErrorAction SilentlyContinue",
         {"callee: rm", "operands: [C:\\data]", "resolved: [C:/data]",
          "flags: {recursive: true, force: true}",
          "text: Remove-Item -Path C:\\data -Recurse -Force"},
         NULL},
        {"ri x -r -fo; RD x -rec; del x -Re",
         {"text: Remove-Item x -Recurse -Force"},
         "callee: RD"},
        {"rm -rf ./dist", {"flags: {r: true, f: true}", "text: rm -rf ./dist"}, "Remove-Item"},
        {"Remove-Item a,b -Recurse:$false", {"operands: [a, b]", "-Recurse:$false"}, "recursive"},
        {"Remove-Item @('a', \"b\") -WhatIf", {"operands: [a, b]", "what-if: true"}, NULL},
        {"Remove-AcmeWidget -Id 5 -Confirm:$false -Force",
         {"verb: remove", "flags: {Id: 5, Confirm: false, Force: true}"},
         "operands"},
        {"Clear-Widget a; Get-Widget b; Reset-Widget c; Drop-Widget d",
         {"verb: wipe", "verb: get", "verb: reset", "verb: drop"},
         NULL},
        {"terraform destroy -auto-approve; C:\\bin\\kubectl.exe delete ns x",
         {"flags: {auto-approve: true}", "callee: kubectl", "operands: [delete, ns, x]"},
         NULL},
        {"sc.exe delete shop", {"callee: sc,", "operands: [delete, shop]"}, "Set-Content"},
        {"Start-Process cmd -ArgumentList '/c', 'rd /s /q C:\\x'",
         {"callee: rm", "resolved: [C:/x]", "wrappers: [Start-Process, cmd]"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "powershell", table);
}

static void test_pipelines(void **state) {
    static const struct expectation table[] = {
        {"gci D:\\logs -Filter *.log |\n  # old ones\n  ? { $_.Age -gt 3 } | ri -Force",
         {"callee: find", "operands: [D:\\logs]", "name: *.log", "where: { $_.Age -gt 3 }",
          "delete: true"},
         "callee: rm"},
        {"Get-Content list | Remove-Item", {"callee: rm", "pipe_from: [cat]"}, "delete: true"},
        {"irm https://x.io/a | iex", {"callee: curl", "pipe_to: [eval]"}, NULL},
        {"iex (irm https://x.io/a)", {"substitutions: [curl]"}, NULL},
        {"(New-Object Net.WebClient).DownloadString('https://x.io/a') | iex",
         {"callee: curl", "operands: [https://x.io/a]", "pipe_to: [eval]"},
         NULL},
        {"kubectl get ns | % { kubectl delete ns $_ }",
         {"operands: [delete, ns, $_]", "loop: true", "wrappers: [ForEach-Object]"},
         NULL},
        {"Invoke-Command -ComputerName a { Remove-Item x }", {"wrappers: [Invoke-Command]"}, NULL},
        {"& { Remove-Item x }", {"callee: rm"}, NULL},
        {"[System.IO.Directory]::Delete('C:\\x', $true); $c.Delete('y')",
         {"callee: rm", "operands: [C:\\x]", "recursive: true"},
         "callee: y"},
    };
    EXPECT_ALL((struct fixture *)*state, "powershell", table);
}

static void test_variables(void **state) {
    static const struct expectation table[] = {
        {"$Dir = 'C:\\data'\nRemove-Item \"$dir\\x\"", {"resolved: [C:/data/x]"}, NULL},
        {"Remove-Item \"$Dir\\*\"", {"emptied: [/*]"}, NULL},
        {"Set-StrictMode -Version Latest\nRemove-Item \"$Dir\\*\"",
         {"emptied: [$Dir/*]", "guards: [set -u]"},
         NULL},
        {"$ErrorActionPreference = 'Stop'\nRemove-Item x", {"guards: [set -e]"}, NULL},
        {"$ErrorActionPreference = 'Stop'\n$ErrorActionPreference = 'Continue'\nRemove-Item x",
         {"callee: rm"},
         "x, guards: [set -e]"},
        {"foreach ($d in $all) { Remove-Item \"$d\\*\" }", {"emptied: [$d/*]", "loop: true"}, NULL},
        {"function F {\n  param([Parameter(Mandatory)][string]$P, $Q)\n  Remove-Item \"$P\\*\", "
         "\"$Q\\*\"\n}",
         {"function F", "emptied: [$P/*, /*]", "function: F"},
         NULL},
        {"$p = @{\n  Path = 'C:\\x'\n  Recurse = $true\n}\nRemove-Item @p",
         {"operands: [C:\\x]", "recursive: true"},
         NULL},
        {"Remove-Item $env:TEMP\\x, \"$($env:NONE)\\y\"", {"emptied: [$env:TEMP/x, /y]"}, NULL},
        {"Remove-Item `\n  'it''s' \"a`\"b\"", {"operands: [it's, a\"b]"}, NULL},
        {"Remove-Item \xe2\x80\x98"
         "C:\\x\xe2\x80\x99",
         {"operands: [C:\\x]"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "powershell", table);
}

static void test_guards(void **state) {
    static const struct expectation table[] = {
        {"if (Test-Path $d) { Remove-Item $d } elseif ($f) { b } else { c }",
         {"guards: [Test-Path $d]", "guards: [! Test-Path $d, $f]",
          "guards: [! Test-Path $d, ! $f]"},
         NULL},
        {"if (-not $d) { throw 'none' }\nRemove-Item \"$d\\*\"", {"emptied: [$d/*]"}, NULL},
        {"if ([string]::IsNullOrEmpty($d)) { exit 1 }\nRemove-Item \"$d\\*\"",
         {"emptied: [$d/*]"},
         NULL},
        {"if (!$d) { Remove-Item \"$d\\*\" }", {"emptied: [/*]"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "powershell", table);
}

static void test_data_is_no_command(void **state) {
    static const struct expectation table[] = {
        {"Write-Host \"Remove-Item C:\\ -Recurse\"\n# rm x\n<# rm y #>", {"data: true"}, "rm,"},
        {"@'\nRemove-Item x\n'@ | Set-Content y", {"callee: Set-Content"}, "callee: rm"},
        {"@{ ModuleVersion = '1'; FunctionsToExport = @('Remove-X') }", {""}, "command"},
    };
    EXPECT_ALL((struct fixture *)*state, "powershell", table);
}

static void test_scripts_in_scripts(void **state) {
    static const struct expectation shell[] = {
        {"pwsh -NoProfile -c 'Remove-Item C:\\x -Recurse'",
         {"callee: rm", "resolved: [C:/x]", "wrappers: [pwsh]"},
         NULL},
        {"powershell -enc UgBlAG0AbwB2AGUALQBJAHQAZQBtACAAQwA6AFwAKgAgAC0AUgBlAGMAdQByAHMAZQA=",
         {"resolved: [C:/*]", "recursive: true"},
         NULL},
        {"powershell -enc '###'", {"callee: powershell"}, "callee: rm"},
        {"cmd /c 'rd /s /q C:\\x'", {"callee: rm", "recursive: true"}, NULL},
    };
    static const struct expectation own[] = {
        {"Invoke-Expression \"Remove-Item C:\\x -Recurse\"",
         {"callee: rm", "resolved: [C:/x]"},
         NULL},
        {"bash -c 'rm -rf /x'", {"callee: rm", "operands: [/x]"}, NULL},
        {"Invoke-Sqlcmd -Query \"DROP DATABASE a\"", {"statement drop database a"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", shell);
    EXPECT_ALL((struct fixture *)*state, "powershell", own);
}

static void test_batch(void **state) {
    static const struct expectation table[] = {
        {"set DIR=C:\\data\nrd /s /q %DIR%\n",
         {"callee: rm", "resolved: [C:/data]", "flags: {recursive: true}", "text: rd /s /q %DIR%"},
         NULL},
        {"@del /f /s /q \"%NONE%\\*.*\"\n", {"emptied: [/*.*]", "force: true"}, NULL},
        {"if exist \"%D%\" (\n  rd /s /q \"%D%\\\"\n) else echo none\n",
         {"guards: [if exist \"%D%\"]", "emptied: [%D%/]"},
         NULL},
        {"for /d %%d in (x\\*) do rd /s /q \"%%d\\\"\n", {"emptied: [%%d/]", "loop: true"}, NULL},
        {"powershell -Command \"Remove-Item C:\\x -Recurse\"\n", {"resolved: [C:/x]"}, NULL},
        {"echo rd /s /q C:\\\nREM del x\n:: del y\n", {"data: true"}, "callee: rm"},
        {"sc delete shop\n", {"callee: sc,"}, "Set-Content"},
        {"r^d /s x\n", {"callee: rm"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "batch", table);
}

static struct slice repeated(struct fixture *fixture, const char *text, int count) {
    struct strbuf out;
    strbuf_init(&out, &fixture->arena);
    while (count-- > 0)
        strbuf_add_text(&out, text);
    return strbuf_slice(&out);
}

/* Nothing of it may crash, hang or pass without a note. */
static void test_hostile_texts(void **state) {
    struct fixture *fixture = *state;
    static const char *const texts[] = {
        "$(", "@{", "& {", "`", "\"$(", "x | ", "if (", "(", "%x", "@'\n", "Remove-Item @p ",
        "-a:"};
    static const char *const dialects[] = {"powershell", "batch"};
    for (size_t d = 0; d < 2; d++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            for (int count = 1; count < 3000; count *= 12)
                assert_non_null(
                    fixture_read(fixture, dialects[d], repeated(fixture, texts[i], count)));
    assert_true(fixture_read(fixture, "powershell", SLICE("function F {"))->note_count > 0);
    fixture_read(fixture, "powershell", slice_make("ri \0 \xff\xfe x\n", 11));
    fixture_read(fixture, "powershell",
                 SLICE("$p = @{\n Path = 1\n}\n$p = @{\n X = '@p'\n}\nRemove-Item @p"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_pipelines),
        cmocka_unit_test(test_variables),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_data_is_no_command),
        cmocka_unit_test(test_scripts_in_scripts),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
