CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    recovery_code text,
    email text NOT NULL
);
