"""The start page promises no shorter questionnaire than what is counted on the way through it."""

import math
import re

from benchmarks.minutes import count


def test_the_start_page_tells_how_long_the_shortest_and_the_longest_path_take(address, phone):
    page = phone(360)
    household = count(page, address, "restaurant, household")
    longest = count(page, address, "clinic, enterprise")
    assert household.questions < longest.questions
    page.goto(f"{address}/vi/")
    told = re.findall(r"\d+", page.locator("form.start span").inner_text())
    counted = [math.ceil(each.minutes) for each in (household, longest)]
    assert [int(each) for each in told] == counted
