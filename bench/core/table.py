# SPDX-License-Identifier: Apache-2.0
"""A result for people: as text and as Markdown."""


def number(value):
    """Three significant digits, without exponents."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.2g}"


def rows(metric):
    """One a subject, the baseline first: name, samples, median, range, ratio to the baseline, aims, verdicts."""
    for subject in sorted(metric.samples, key=lambda name: name != metric.baseline):
        low, high = metric.range(subject)
        ratio = None
        if metric.baseline in metric.samples:
            ratio = metric.ratio(subject, metric.baseline)
        judged = [(aim, metric.judge(aim)) for aim in metric.aims if aim.subject == subject]
        yield (
            subject,
            str(len(metric.samples[subject])),
            number(metric.median(subject)),
            number(low) if low == high else f"{number(low)}–{number(high)}",
            number(ratio) if metric.baseline else "",
            "; ".join(verdict(aim, judgement) for aim, judgement in judged),
        )


def verdict(aim, judgement):
    if judgement is None:
        return f"{aim.text()}: not measured"
    value, met = judgement
    return f"{aim.text()}: {number(value)}, {'met' if met else 'missed'}"


def heading(metric):
    ratio = f"ratio to {metric.baseline}" if metric.baseline else "ratio"
    return metric.name, "samples", "median", "min–max", ratio, "aim"


def text(result):
    out = [f"== {result.part}: {result.title}", f"   {provenance(result)}"]
    for metric in result.metrics:
        body = list(rows(metric))
        if not body:
            continue
        table = [(f"{metric.name}, {metric.unit}", *heading(metric)[1:]), *body]
        widths = [max(len(row[column]) for row in table) for column in range(5)]
        for row in table:
            cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:5], widths[1:]))]
            out.append("  ".join([*cells, row[5]]).rstrip())
        out.append("")
    out += [f"   {note}" for note in result.notes]
    return "\n".join(out)


def markdown(result):
    out = [f"### {result.part}", "", f"{result.title} {provenance(result)}", ""]
    for metric in result.metrics:
        body = list(rows(metric))
        if not body:
            continue
        _, *columns = heading(metric)
        out.append(f"| {metric.name}, {metric.unit} | {' | '.join(columns)} |")
        out.append("|---|--:|--:|--:|--:|---|")
        out += [f"| {' | '.join(row)} |" for row in body]
        out.append("")
    for note in result.notes:
        out += [f"- {note}"]
    return "\n".join([*out, ""] if result.notes else out)


def provenance(result):
    took = f"{result.seconds / 60:.0f} min" if result.seconds >= 90 else f"{result.seconds:.0f} s"
    load = " → ".join(f"{value:.1f}" for value in (result.machine["load"][0], result.machine["load_after"][0]))
    versions = "".join(f", {name} {value}" for name, value in sorted(result.versions.items()))
    return f"{result.date}, {took}, load {load}{versions}{', quick: not for the record' if result.quick else ''}."


def where(result):
    """The machine in one sentence."""
    m = result.machine
    kind = "virtual machine, " if m["virtual"] else ""
    return f"{kind}{m['cores']} cores of {m['cpu']}, {m['memory_mib']:,} MiB, Linux {m['kernel']}"
