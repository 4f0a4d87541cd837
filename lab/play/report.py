# SPDX-License-Identifier: Apache-2.0
"""JUnit XML of a play: one test case a step, with everything that it printed."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

# XML 1.0 has no place for control characters, which a command's output may hold.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Case:
    number: str
    title: str
    seconds: float
    failure: str | None
    log: str


def junit(suite, cases):
    failures = sum(1 for case in cases if case.failure)
    root = ElementTree.Element(
        "testsuite",
        name=suite,
        tests=str(len(cases)),
        failures=str(failures),
        errors="0",
        skipped="0",
        time=f"{sum(case.seconds for case in cases):.3f}",
    )
    for case in cases:
        element = ElementTree.SubElement(
            root, "testcase", classname=suite, name=f"{case.number} {case.title}", time=f"{case.seconds:.3f}"
        )
        if case.failure:
            ElementTree.SubElement(element, "failure", message=CONTROL.sub("?", case.failure))
        ElementTree.SubElement(element, "system-out").text = CONTROL.sub("?", case.log)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
