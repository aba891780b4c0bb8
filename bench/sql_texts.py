"""SQL as it is in repositories, made up: migrations of several frameworks and dumps. The same for
the same arguments."""
import random

NOUNS = ["account", "order", "invoice", "customer", "product", "shipment", "session", "report", "payment", "tag"]
COLUMNS = ["name", "status", "total", "note", "created_at", "updated_at", "owner_id", "amount", "code", "position"]
TYPES = ["bigint", "integer NOT NULL DEFAULT 0", "varchar(255)", "text", "numeric(12,2) DEFAULT 0.00",
         "timestamp with time zone DEFAULT now()", "boolean NOT NULL DEFAULT false", "jsonb DEFAULT '{}'::jsonb"]


def table(dice, number):
    columns = ",\n".join(f"    {name} {dice.choice(TYPES)}" for name in dice.sample(COLUMNS, 6))
    return (f"CREATE TABLE IF NOT EXISTS public.{dice.choice(NOUNS)}s_{number} (\n    id bigserial PRIMARY KEY,\n"
            f"{columns},\n    CONSTRAINT c{number} CHECK ((id > 0))\n);\n")


def change(dice, number):
    noun, column, kind = dice.choice(NOUNS), dice.choice(COLUMNS), dice.choice(TYPES)
    return dice.choice([
        f"ALTER TABLE {noun}s ADD COLUMN {column}_{number} {kind};\n",
        f'ALTER TABLE "{noun}s" ADD COLUMN "{column}" TEXT, DROP COLUMN "{column}_old", ALTER COLUMN "note" SET NOT NULL;\n',
        f"CREATE INDEX CONCURRENTLY index_{noun}s_on_{column} ON public.{noun}s USING btree ({column}, id) WHERE {column} IS NOT NULL;\n",
        f"UPDATE {noun}s SET {column} = COALESCE({column}, 'none') WHERE id IN (SELECT {noun}_id FROM items WHERE total > 10.5);\n",
        f"ALTER TABLE ONLY public.{noun}s\n    ADD CONSTRAINT fk_{number} FOREIGN KEY (owner_id) REFERENCES public.customers(id) ON DELETE CASCADE NOT VALID;\n",
        f"DELETE FROM sessions s USING {noun}s o WHERE s.{noun}_id = o.id AND o.status = 'closed' AND s.created_at < now() - interval '90 days';\n",
        f"INSERT INTO {noun}s (name, status, total) VALUES ('first', 'open', {number}), ('second one', 'it''s', 2.5);\n",
        f"-- {noun}s get a {column}\nCREATE OR REPLACE VIEW v_{noun}s AS SELECT o.id, o.{column}, count(i.id) AS items FROM {noun}s o LEFT JOIN items i ON i.{noun}_id = o.id GROUP BY o.id;\n",
    ])


def migrations(count):
    dice = random.Random(1)
    for number in range(count):
        parts = [table(dice, number)] if number % 3 == 0 else []
        parts += [change(dice, number) for _ in range(dice.randint(1, 8))]
        yield "BEGIN;\n\n" + "\n".join(parts) + "\nCOMMIT;\n"


def dump(size):
    """pg_dump with the rows behind COPY."""
    dice, parts, written, number = random.Random(2), ["-- PostgreSQL database dump\n\nSET statement_timeout = 0;\n"], 0, 0
    words = ["alpha", "it's", "beta; DROP TABLE x", "gamma (see", "delta", "\\N", "{\"a\": 1}", "say \"no\""]
    while written < size:
        if number % 20000 == 0:
            parts.append(("\\.\n\n" if number else "") + table(dice, number) + f"\nCOPY public.t{number} (id, a, b) FROM stdin;\n")
        number += 1
        parts.append(f"{number}\t{dice.choice(words)} {dice.choice(words)}\t{number * 7}\n")
        written += len(parts[-1])
    return "".join(parts) + "\\.\n"


def inserts(size):
    """mysqldump: many rows to a statement."""
    dice, parts, written = random.Random(3), [], 0
    while written < size:
        rows = ",".join(f"({dice.randint(1, 9999999)},'{dice.choice(NOUNS)} it''s',{dice.random():.4f},NULL)" for _ in range(200))
        parts.append(f"INSERT INTO `{dice.choice(NOUNS)}s` VALUES {rows};\n")
        written += len(parts[-1])
    return "/*!40101 SET NAMES utf8 */;\n" + "".join(parts)
