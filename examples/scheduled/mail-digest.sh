#!/bin/sh
# Mails one reviewing officer the digest, as HTML; mails nothing when there is nothing to say.
#   mail-digest.sh NAME ADDRESS
# A failure goes to standard error with its exit code, and cron mails that to MAILTO.
set -eu
name=$1
address=$2
body=$(iro digest --iro "$name" --html)
if [ -z "$body" ]; then
    exit 0
fi
{
    printf 'To: %s\n' "$address"
    printf 'Subject: Reviews and conferences: overdue and due\n'
    printf 'MIME-Version: 1.0\n'
    printf 'Content-Type: text/html; charset=utf-8\n'
    printf 'Content-Transfer-Encoding: 8bit\n\n'
    printf '%s\n' "$body"
} | sendmail -t
