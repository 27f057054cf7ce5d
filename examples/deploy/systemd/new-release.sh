#!/bin/sh
# Makes a release of what `ssg build` wrote, and leads the link `current` to it.
#
#   new-release.sh /srv/site
#
# The folder has the site in source/. Releases are named after their times; the last five are kept.
set -eu

site=$1
name=$(date -u +%Y-%m-%dT%H%M%SZ)
release=$site/releases/$name

mkdir -p "$site/releases"
cp -R "$site/source/dist" "$release.part"
mv "$release.part" "$release"

# One step: the link always leads to a whole release.
ln -s "releases/$name" "$site/current.new"
mv -T "$site/current.new" "$site/current"

ls -1 "$site/releases" | grep 'Z$' | sort -r | tail -n +6 | while read -r old; do
    rm -rf "$site/releases/$old"
done
rm -rf "$site"/releases/*.part
