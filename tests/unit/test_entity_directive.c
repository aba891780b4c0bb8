/* Languages of directives, and zones: what their blocks, words, options and records become. */
#include "entity_fixture.h"

static void blocks_of_nginx(void **state) {
    static const struct expectation table[] = {
        {"http {\n"
         "  map $http_upgrade $up { default upgrade; '' close; ~*^a b; }\n"
         "  upstream web { least_conn; server 10.0.0.1:80 weight=5 max_fails=3; server b backup; "
         "}\n"
         "}\n",
         {"resource map map $http_upgrade $up [", "] {default: upgrade, : close, ~*^a: b}\n",
          "resource upstream upstream web [",
          "] {least_conn: true, server: [{name: 10.0.0.1:80, weight: 5, max_fails: 3}, {name: b, "
          "backup: true}]}\n"},
         "note"},
        {"server {\n"
         "  listen 443 ssl http2; # all\n"
         "  listen [::1]:8443;\n"
         "  listen unix:/run/x.sock;\n"
         "  server_name shop.example.org 'www.example.org';\n"
         "  location = /admin { allow 10.0.0.0/8; deny all; location /admin/x { internal; } }\n"
         "  location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }\n"
         "  location /a { if ($request_method = POST) { return 405; } }\n"
         "}\n",
         {"resource server shop.example.org:443 [",
          "{listen: [{host: *, port: 443, ssl: true, http2: true}, {host: [::1], port: 8443}, "
          "{host: unix:/run/x.sock}], server_name: [shop.example.org, www.example.org], "
          "location_order: [~ \\.php$]}\n",
          "  resource location shop.example.org:443 = /admin [",
          "] {access: [allow 10.0.0.0/8, deny all]}\n",
          "    resource location shop.example.org:443 = /admin /admin/x [",
          "    resource condition shop.example.org:443 /a if ($request_method = POST) ["},
         "note"},
        {"add_header X-Frame-Options DENY;\n"
         "add_header x-frame-options 'SAME ORIGIN' always;\n"
         "add_header Vary \"a\\\"b\";\n"
         "server_name a;\nserver_name b;\n"
         "include a.conf;\ninclude b.conf;\n"
         "return 301 https://$host$request_uri;\n"
         "root /srv/${name}/x;\n",
         {"add_header: {x-frame-options: [{value: DENY}, {value: SAME ORIGIN, always: true}], "
          "vary: "
          "[{value: a\"b}]}",
          "server_name: [a, b]", "include: [a.conf, b.conf]",
          "return: [{status: 301, to: https://$host$request_uri}]", "root: /srv/${name}/x"},
         "note"},
        {"location /x {\n"
         "  content_by_lua_block {\n"
         "    local t = { '}', \"{\" } -- }\n"
         "    --[[ } ]] ngx.say(#t, [[ { ]])\n"
         "  }\n"
         "  set $a 1;\n"
         "}\n",
         {"content_by_lua_block: { local t = { '}', \"{\" } -- } --[[ } ]] ngx.say(#t, [[ { ]]) }, "
          "set: {$a: 1}}"},
         "note"},
        {"{% if tls %}\nlisten {{ port }} ssl;\n{% endif %}\nroot {{ root }};\n",
         {"listen: [{host: {{ port }}, ssl: true}]", "root: {{ root }}"},
         "note"},
        {"server {\n  listen 80;\n  location / { root /srv;\n", {"note 3: "}, NULL},
        {"}\nlisten 80;\n", {"{host: *, port: 80}", "note"}, NULL},
    };
    EXPECT_ALL(*state, "nginx", table);
}

static void sections_of_haproxy(void **state) {
    static const struct expectation table[] = {
        {"# all\n"
         "global\n"
         "    maxconn 20000\n"
         "    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
         "\n"
         "defaults http\n"
         "    timeout client 30s\n"
         "    option httplog\n"
         "backend empty\n"
         "frontend web # main\n"
         "    bind :443 ssl crt /etc/ssl/x.pem alpn h2\n"
         "    acl a path_beg /a\n"
         "    acl a path_beg /b\n"
         "    http-request deny if a !b\n"
         "    http-request auth realm Our\\ Area if { path_beg \"/c d\" }\n",
         {"resource global global [",
          "] {maxconn: 20000, ssl-default-bind-options: [ssl-min-ver, TLSv1.2, no-tls-tickets]}\n",
          "resource defaults defaults.http [",
          "] {timeout: {client: 30s}, option: {httplog: true}, label: http}\n",
          "  resource backend backend empty [",
          "] {bind: [{host: *, port: 443, ssl: true, crt: /etc/ssl/x.pem, alpn: h2}], acl: {a: "
          "[path_beg /a, path_beg /b]}, http-request: [deny if a !b, auth realm Our Area if { "
          "path_beg /c d }]}\n"},
         "note"},
        {"backend app\n"
         "    no option httplog\n"
         "    server app1 10.0.0.1:80 check inter 2s ssl verify none backup",
         {"{no: {option: {httplog: true}}, server: [{name: app1, address: 10.0.0.1:80, check: "
          "true, inter: 2s, ssl: true, verify: none, backup: true}]}"},
         "note"},
        {"listen x\r\n  bind 127.0.0.1:80\r\n\r\n  stats enable",
         {"resource listen listen x",
          "{bind: [{host: 127.0.0.1, port: 80}], stats: {enable: true}}"},
         "note"},
        {"resolvers r\n  nameserver a 10.0.0.1:53 x y\n",
         {"nameserver: [{name: a, address: 10.0.0.1:53, more: x y}]"},
         "note"},
        {"peers p\n  peer a 10.0.0.1:1024\n",
         {"peer: [{name: a, address: 10.0.0.1:1024}]"},
         "note"},
        {"global\n  log \"x\n  maxconn 5\n", {"note 2: "}, NULL},
    };
    EXPECT_ALL(*state, "haproxy", table);
}

static void sections_of_apache(void **state) {
    static const struct expectation table[] = {
        {"# main\n"
         "listen 127.0.0.1:8443\n"
         "<IfModule mod_ssl.c>\n  SSLProtocol all \\\n     -TLSv1\n</IfModule>\n"
         "<VirtualHost *:443>\n"
         "  ServerName shop.example.org\n"
         "  Header set X \"a b\"\n"
         "  ProxyPass /api http://10.0.0.1/ retry=0\n"
         "  RewriteRule ^/(.*)$ /$1#x [L]\n"
         "  <Directory \"/srv/www\">\n    Options -Indexes\n    Require all denied\n"
         "  </Directory>\n"
         "  <If \"%{REQUEST_URI} =~ m#^/a>b#\">\n    Require all granted\n  </If>\n"
         "</VirtualHost>\n",
         {"{listen: [{host: 127.0.0.1, port: 8443}]}", "{sslprotocol: [all, -TLSv1]}",
          "resource virtualhost shop.example.org *:443 [",
          "{servername: shop.example.org, header: set X a b, proxypass: {/api: http://10.0.0.1/ "
          "retry=0}, rewriterule: ^/(.*)$ /$1#x [L], address: *:443}",
          "  resource directory shop.example.org *:443 directory /srv/www [",
          "{options: [-Indexes], access: require all denied}"},
         "note"},
        {"<Directory /a>\nRequire all denied\n", {"note "}, NULL},
        {"</Directory>\nListen 80\n", {"note "}, NULL},
        {"Listen 80", {"{listen: [{host: *, port: 80}]}"}, "note"},
    };
    EXPECT_ALL(*state, "apache", table);
}

static void sites_of_caddy(void **state) {
    static const struct expectation table[] = {
        {"{\n\temail a@example.org # who\n}\n\n"
         "a.example.org, b.example.org {\n"
         "\treverse_proxy 10.0.0.1:80 10.0.0.2:80 {\n\t\theader_up Host {host}\n\t}\n"
         "\tbasic_auth /admin/* {\n\t\tann $2a$14$abc\n\t}\n"
         "\thandle /api/* {\n\t\trespond `{\"a\": 1}` 200\n\t}\n"
         "\troot * /srv\n"
         "}\n",
         {"configuration [0-234] {email: a@example.org}", "resource site a.example.org [",
          "{reverse_proxy: [{header_up: Host {host}, to: 10.0.0.1:80 10.0.0.2:80}], basic_auth: "
          "[{ann: $2a$14$abc, path: /admin/*}], root: * /srv, names: [a.example.org, "
          "b.example.org]}",
          "  resource location a.example.org /api/* [", "{respond: {\"a\": 1} 200}"},
         "note"},
        {"example.org\n\nreverse_proxy localhost:80\n",
         {"reverse_proxy: [{to: localhost:80}]"},
         "note"},
        {"a {\n  b {\n", {"note "}, NULL},
    };
    EXPECT_ALL(*state, "caddyfile", table);
}

static void records_of_zones(void **state) {
    static const struct expectation table[] = {
        {"; main\n"
         "$ORIGIN Example.org.\n"
         "$TTL 1h\n"
         "@       IN SOA  ns1.example.org. hostmaster (\n"
         "                2024010101 ; serial (\n"
         "                1d 2h 4w\n"
         "                300 )\n"
         "        IN NS   ns1\n"
         "        IN NS   ns2.example.net.\n"
         "@   300 IN TXT  \"v=spf1 include:a.example; \" \"-all\"\n"
         "WWW  in cname example.org. ; main\n",
         {"resource zone zone [0-",
          "] {ttl: 3600, count: 4, serial: 2024010101, content: ", "resource record @ SOA [",
          "{name: @, type: SOA, ttl: 3600, primary: ns1.example.org., contact: hostmaster, serial: "
          "2024010101, refresh: 86400, retry: 7200, expire: 2419200, minimum: 300}",
          "resource record @ NS [",
          "{name: @, type: NS, ttl: 3600, records: [ns1, ns2.example.net.]}"},
         "note"},
        {"$ORIGIN example.org.\n$TTL 1h\n@ IN SOA ns1 h 1 2 3 4 5\n"
         "@   300 IN TXT  \"v=spf1 include:a.example; \" \"-all\"\n"
         "WWW  in 1h30m cname example.org. ; main\n"
         "  ( AAAA\n 2001:db8::1 )\n",
         {"{name: @, type: TXT, ttl: 300, records: [v=spf1 include:a.example; -all]}",
          "{name: www, type: CNAME, ttl: 5400, records: [@]}",
          "{name: www, type: AAAA, ttl: 3600, records: [2001:db8::1]}"},
         "note"},
        /* Without an origin the name of the zone is where its SOA stands. */
        {"example.org. 60 IN SOA ns1.example.org. h 1 2 3 4 5\n"
         "www 60 IN A 192.0.2.1\n"
         "www.example.org. 60 IN A 192.0.2.2\n"
         "$ORIGIN sub.example.org.\n"
         "a A 192.0.2.3\n"
         "$ORIGIN deep\n"
         "a A 192.0.2.4\n"
         "b.example.com. A 192.0.2.5\n",
         {"resource record @ SOA", "{name: www, type: A, ttl: 60, records: [192.0.2.1, 192.0.2.2]}",
          "{name: a.sub, type: A, records: [192.0.2.3]}",
          "{name: a.deep.sub, type: A, records: [192.0.2.4]}",
          "{name: b.example.com., type: A, records: [192.0.2.5]}"},
         "note"},
        {"$INCLUDE other.zone\r\n$GENERATE 1-9 h$ A 10.0.0.$\r\nwww IN A 192.0.2.1\r\n",
         {"include: other.zone, generate: 1-9 h$ A 10.0.0.$",
          "{name: www, type: A, records: [192.0.2.1]}"},
         "note"},
        {"$TTL 1h\n@ IN SOA ns1 h {{ serial }} 2 3 4 5\n{{ name }} IN A {{ address }}\n",
         {"serial: {{ serial }}, refresh: 2",
          "{name: {{ name }}, type: A, ttl: 3600, records: [{{ address }}]}"},
         "note"},
        {"@ DNSKEY 257 3 13 ( abc\n  def )\n@ DS 1 2 3 ab cd",
         {"records: [257 3 13 abcdef]", "records: [1 2 3 abcd]"},
         "note"},
        {"www IN A ( 192.0.2.1\nmail IN A 192.0.2.2\n", {"note "}, NULL},
        {"www IN TXT \"open\nmail IN A 192.0.2.2\n", {"note "}, NULL},
        {"   \n;\n\n  ; x\n", {"resource zone zone"}, "note"},
        {"www \nIN x\n  IN\n3600 IN\n$TTL\n$ORIGIN\n", {"resource zone zone"}, "note"},
    };
    EXPECT_ALL(*state, "zone", table);
}

static struct slice repeated(struct fixture *fixture, const char *text, uint32_t times,
                             const char *end) {
    struct strbuf out;
    strbuf_init(&out, &fixture->arena);
    for (uint32_t i = 0; i < times; i++) {
        strbuf_add_text(&out, text);
        strbuf_addf(&out, "%u", i);
    }
    strbuf_add_text(&out, end);
    return strbuf_slice(&out);
}

/* Bounded by counts, and never without a word about it. */
static void large_and_deep(void **state) {
    struct fixture *fixture = *state;
    const struct entity_list *list =
        fixture_read(fixture, "nginx", repeated(fixture, " location /", 20000, " {"));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "nginx", repeated(fixture, "a {b", 300, ";"));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "nginx", repeated(fixture, " word", 100000, ";"));
    assert_int_equal(list->note_count, 0);
    list = fixture_read(fixture, "nginx", repeated(fixture, " 1;\nadd_header x", 20000, " 1;"));
    assert_int_equal(list->note_count, 0);
    list = fixture_read(fixture, "haproxy", repeated(fixture, " server s", 50000, ""));
    assert_int_equal(list->note_count, 0);
    list = fixture_read(fixture, "haproxy", repeated(fixture, "\nbackend b", 20000, ""));
    assert_int_equal(list->note_count, 0);
    assert_int_equal(list->count, 20001);
    list = fixture_read(fixture, "zone", repeated(fixture, "\n@ A ( \"x\" ) ; ( \n;", 20000, ""));
    assert_int_equal(list->note_count, 0);
    list = fixture_read(fixture, "apache", repeated(fixture, "\n<Directory /a", 5000, "> "));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "apache", repeated(fixture, "\n<If x>", 5000, ""));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "zone", repeated(fixture, " word", 100000, ""));
    assert_int_equal(list->note_count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_nginx), cmocka_unit_test(sections_of_haproxy),
        cmocka_unit_test(large_and_deep),  cmocka_unit_test(sections_of_apache),
        cmocka_unit_test(sites_of_caddy),  cmocka_unit_test(records_of_zones),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
