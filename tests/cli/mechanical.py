#!/usr/bin/env python3
"""Writes one stage line: a mechanical change of 500 files, in one of which a delete call is widened.

    tests/cli/mechanical.py LANGUAGE [COUNT]

In every file a client gets another name and a log line gets another wording. In the file in the
middle the call that deleted one database deletes the server.
"""
import json
import sys

LANGUAGES = {
    "py": ('import logging\n\n\ndef tidy{n}({v}, group, server, copies):\n    logging.info("{m}")\n'
           "    for copy in copies:\n        {v}.{call}\n",
           "databases.begin_delete(group, server, copy.name)", "servers.begin_delete(group, server)"),
    "js": ("exports.tidy{n} = async ({v}, group, server, copies) => {{\n  console.log('{m}');\n"
           "  for (const copy of copies) {{\n    await {v}.{call};\n  }}\n}};\n",
           "databases.beginDelete(group, server, copy.name)", "servers.beginDelete(group, server)"),
    "ts": ("export async function tidy{n}({v}: SqlClient, group: string, server: string, copies: Copy[]) {{\n"
           "  log.info('{m}');\n  for (const copy of copies) await {v}.{call};\n}}\n",
           "databases.beginDelete(group, server, copy.name)", "servers.beginDelete(group, server)"),
    "rb": ("def tidy{n}({v}, group, server, copies)\n  logger.info '{m}'\n"
           "  copies.each {{ |copy| {v}.{call} }}\nend\n",
           "databases.delete(group, server, copy.name)", "servers.delete(group, server)"),
    "go": ("package ops\n\nfunc Tidy{n}({v} *Client, group, server string, copies []Copy) {{\n\tlog.Print(\"{m}\")\n"
           "\tfor _, copy := range copies {{\n\t\t{v}.{call}\n\t}}\n}}\n",
           "Databases().Delete(group, server, copy.Name)", "Servers().Delete(group, server)"),
    "java": ("class Tidy{n} {{\n  void run(Client {v}, String group, String server, List<Copy> copies) {{\n"
             "    log.info(\"{m}\");\n    for (Copy copy : copies) {{ {v}.{call}; }}\n  }}\n}}\n",
             "databases().delete(group, server, copy.name())", "servers().delete(group, server)"),
    "cs": ("class Tidy{n} {{\n  void Run(Client {v}, string group, string server, List<Copy> copies) {{\n"
           "    log.Info(\"{m}\");\n    foreach (var copy in copies) {{ {v}.{call}; }}\n  }}\n}}\n",
           "Databases.Delete(group, server, copy.Name)", "Servers.Delete(group, server)"),
    "php": ("<?php\nfunction tidy{n}(${v}, $group, $server, $copies) {{\n  error_log('{m}');\n"
            "  foreach ($copies as $copy) {{ ${v}->{call}; }}\n}}\n",
            "databases->delete($group, $server, $copy->name)", "servers->delete($group, $server)"),
    "kt": ("fun tidy{n}({v}: Client, group: String, server: String, copies: List<Copy>) {{\n    log.info(\"{m}\")\n"
           "    for (copy in copies) {{\n        {v}.{call}\n    }}\n}}\n",
           "databases.delete(group, server, copy.name)", "servers.delete(group, server)"),
    "rs": ("fn tidy{n}({v}: &Client, group: &str, server: &str, copies: &[Copy]) {{\n    info!(\"{m}\");\n"
           "    for copy in copies {{\n        {v}.{call};\n    }}\n}}\n",
           "databases().delete(group, server, copy.name)", "servers().delete(group, server)"),
}


def main():
    language, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    template, narrow, wide = LANGUAGES[language]
    files = []
    for n in range(count):
        after = wide if n == count // 2 else narrow
        files.append({
            "path": f"src/tidy{n}.{language}",
            "before": template.format(n=n, v="client", m="removing old copies", call=narrow),
            "after": template.format(n=n, v="sql", m="removing the old copies", call=after),
        })
    print(json.dumps({"id": language, "change": {"files": files}}))


if __name__ == "__main__":
    main()
