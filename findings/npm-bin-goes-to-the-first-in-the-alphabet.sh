#!/bin/sh
# npm 11.19.1, typescript 5.9.3 and 6.0.3, Node 20 - seen 2026-11-30
#
# Two versions of one package are installed side by side by an alias, to test generated code with both:
#     npm install typescript@5.9.3 NAME@npm:typescript@6.0.3
# Both have a program `tsc`.
#
# Expected: `node_modules/.bin/tsc`, and so `npx tsc` and every script, is that of the package that is really called `typescript`; or
# npm says that two packages want the same name.
# Seen: it is that of the folder whose name comes first in the alphabet, without a word. With the alias `typescript-6` it is 5.9.3, with
# `a-ts` it is 6.0.3: a new alias changes the compiler of the whole project.
#
# Why it matters: a test of a client "with TypeScript 5.9" may have run 6.0 all along. Call `node_modules/NAME/bin/tsc`, not `tsc`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# tsc_with ALIAS: the version of `tsc` if TypeScript 6 has that alias.
tsc_with() {
    rm -rf project && mkdir project
    (
        cd project
        echo '{"private": true}' >package.json
        npm install --silent --no-audit --no-fund typescript@5.9.3 "$1@npm:typescript@6.0.3" >&2
        node_modules/.bin/tsc --version
    )
}

later=$(tsc_with typescript-6)
earlier=$(tsc_with a-ts)
echo "alias typescript-6: tsc is $later; alias a-ts: tsc is $earlier"
[ "$later" = "Version 5.9.3" ] && [ "$earlier" = "Version 6.0.3" ]
