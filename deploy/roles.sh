#!/bin/sh
# The two roles and the database, once, when the server's folder is made.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" <<'SQL'
create role portal_owner login password :'owner' createrole;
create role portal_app login password :'app';
create database portal owner portal_owner;
revoke all on database portal from public;
grant connect on database portal to portal_app;
SQL
