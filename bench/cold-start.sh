#!/usr/bin/env bash
# Times two builds of the nudge tool as whole processes, cold, in turn, on one core: how long a user waits, from the start of
# the process to its end.
#
#   bench/cold-start.sh ONE OTHER [ROUNDS] [ARGUMENTS…]
#
# ONE and OTHER are each the program (nudge, Nudge.Cli or Nudge.Cli.dll) or a folder that has it. ROUNDS is 9 and ARGUMENTS are `names`
# if left out. CORE chooses the core, the last one if unset. Prints the medians and their ratio.
set -euo pipefail
export LC_ALL=C

[[ $# -ge 2 ]] || { sed -n '2,/^set/{/^#/p}' "$0" >&2; exit 2; }

command_of() {
    local path=$1 name
    if [[ -d $path ]]; then
        for name in nudge Nudge.Cli Nudge.Cli.dll; do
            if [[ -f $path/$name ]]; then
                path=$path/$name
                break
            fi
        done
    fi
    [[ -f $path ]] || { echo "There is no $path." >&2; exit 2; }
    if [[ $path == *.dll ]]; then echo "dotnet $path"; else echo "$path"; fi
}

one=$(command_of "$1")
other=$(command_of "$2")
shift 2
rounds=9
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    rounds=$1
    shift
fi
[[ $# -gt 0 ]] || set -- names
core=${CORE:-$(awk '/^Cpus_allowed_list/ { n = split($2, ends, /[-,]/); print ends[n] }' /proc/self/status)}
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

# The first round of each only brings its files into memory.
run() {
    local name=$1 command=$2 round=$3 began ended
    shift 3
    began=$EPOCHREALTIME
    # shellcheck disable=SC2086 # the command may be two words
    taskset -c "$core" $command "$@" > /dev/null < /dev/null || { echo "$command $* failed" >&2; exit 1; }
    ended=$EPOCHREALTIME
    if ((round > 0)); then
        awk -v a="$began" -v b="$ended" 'BEGIN { printf "%.6f\n", b - a }' >> "$times/$name"
    fi
}

for ((round = 0; round <= rounds; round++)); do
    if ((round % 2)); then
        run other "$other" "$round" "$@"
        run one "$one" "$round" "$@"
    else
        run one "$one" "$round" "$@"
        run other "$other" "$round" "$@"
    fi
done

median() { sort -g "$times/$1" | awk '{ t[NR] = $1 } END { print (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2 }'; }

one_median=$(median one)
other_median=$(median other)
printf '%d interleaved rounds of "nudge %s" on core %s, whole processes, medians\n' "$rounds" "$*" "$core"
printf '  one    %.3f s  %s\n' "$one_median" "$one"
printf '  other  %.3f s  %s\n' "$other_median" "$other"
awk -v a="$one_median" -v b="$other_median" 'BEGIN { printf "  one ÷ other  %.3f\n", a / b }'
