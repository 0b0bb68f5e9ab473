# SPDX-License-Identifier: MIT
# curl-normaliser.pm - what a proxy may change in a message (RFC 9110, 9112).
#
# Loaded by curl's runtests.pl (-L).  Messages that curl or its test server got
# and those that the test expects are written in one form before they are
# compared; bodies are left alone.  CURL_NORMALISER names the rules:
#
#   via      our own Via and Davyd-Ticket are not there     9110, 7.6.3
#   hop      Connection, Keep-Alive, Proxy-Connection and   9110, 7.6.1
#            TE are of one hop, and so is the end of a
#            connection
#   framing  Content-Length, Transfer-Encoding, chunks and  9112, 6 and 7.1
#            their trailers are of one hop
#   version  each hop sends its own HTTP/1 version          9112, 2.3
#   order    fields of different names have no order        9110, 5.3
#   space    white space around a value is not of it, and   9110, 5.5; 9112, 2.2
#            a line ends with CR LF
#
# "raw" is none of them, "all" is all.
use strict;
use warnings;
no warnings 'redefine';

my %rule;
{
    my @all = qw(via hop framing version order space);
    my $wanted = $ENV{CURL_NORMALISER} || 'all';

    %rule = map { $_ => 1 } $wanted eq 'all' ? @all : split /,/, $wanted;
}

my $FIRST = qr/[A-Z]+[ ]\S+[ ]HTTP\/1\.[0-9]\r?\n
              |HTTP\/1\.[0-9][ ][0-9]{3}[^\r\n]*\r?\n/x;

sub is_hop {
    my ($name) = @_;
    return 1 if $rule{via} && $name eq 'davyd-ticket';
    return 1 if $rule{hop}
        && $name =~ /^(connection|keep-alive|proxy-connection|te)$/;
    return 1 if $rule{framing}
        && $name =~ /^(content-length|transfer-encoding|trailer)$/;
    return 0;
}

sub field {
    my ($line) = @_;
    my ($name, $value) = $line =~ /^([^:\s]+):(.*)$/s or return $line;

    $name = lc $name;
    return if $rule{via} && $name eq 'via' && $value =~ /davyd-/;
    return if is_hop($name);
    if ($rule{space}) {
        $value =~ s/^[ \t]+|[ \t\r\n]+$//g;
        $line =~ s/^([^:]+):.*/$1: $value\r\n/s;
    }
    return $line;
}

sub name_of {
    my ($line) = @_;
    return lc((split /:/, $line)[0]);
}

# First line and fields, without the empty line.
sub head {
    my ($first, $fields) = @_;
    my @fields = map { field($_) } $fields =~ /([^\n]*\n)/g;

    $first =~ s/HTTP\/1\.[0-9]/HTTP\/1.1/ if $rule{version};
    $first =~ s/[ \t]*\r?\n$/\r\n/ if $rule{space};
    @fields = sort { name_of($a) cmp name_of($b) } @fields if $rule{order};
    return join '', $first, @fields;
}

# The suite gives multipart boundaries one length before it compares, so that
# the sizes of chunks no longer fit: then lines that look like one are taken
# for one.
sub loose_chunks {
    my ($text) = @_;

    return '' unless $$text =~ s/^[0-9a-fA-F]+\r\n(.*?)\r\n0\r\n\r\n//s;
    my $body = $1;
    $body =~ s/\r\n[0-9a-fA-F]+\r\n//g;
    return $body;
}

# Take the chunks off that $$text begins with; what they hold, or nothing when
# they are no chunks.
sub chunks {
    my ($text) = @_;
    my ($body, $rest) = ('', $$text);

    while ($rest =~ s/^([0-9a-fA-F]+)[^\n]*\n//) {
        my $size = hex $1;
        if ($size == 0) {
            $rest =~ s/^(?:[^\r\n]+\r?\n)*\r?\n//;
            $$text = $rest;
            return $body;
        }
        return loose_chunks($text)
            if length $rest < $size || substr($rest, $size) !~ /^\r?\n/;
        $body .= substr $rest, 0, $size, '';
        $rest =~ s/^\r?\n//;
    }
    return '';
}

sub normalise {
    my $text = join '', @{$_[0]};
    my $out = '';

    $text =~ s/\[DISCONNECT\]\n//g if $rule{hop};
    while ($text =~ s/^(.*?)($FIRST)((?:[^\r\n][^\n]*\n)*)(\r?\n|\z)//s) {
        my ($before, $first, $fields, $empty) = ($1, $2, $3, $4);

        $out .= $before . head($first, $fields)
            . ($rule{space} && $empty ? "\r\n" : $empty);
        $out .= chunks(\$text)
            if $rule{framing} && $fields =~ /^Transfer-Encoding:\s*chunked/mi;
    }
    return $out . $text;
}

my $is_external = grep { $_ eq '-P' } @ARGV;

sub compareparts {
    my ($got, $wanted) = @_;

    return 0 if join('', @$got) eq join('', @$wanted);
    return !$is_external || normalise($got) ne normalise($wanted) ? 1 : 0;
}

{
    my $real = \&showdiff;

    *showdiff = sub {
        my ($folder, @both) = @_;

        return $real->($folder,
            map { [ normalise($_) =~ /([^\n]*\n|[^\n]+)/g ] } @both);
    };
}

1;
