"""The start page promises no shorter questionnaire than what is counted on the way through it."""

import math
import re

from benchmarks.minutes import BUSINESSES, count

PROMISED = 4


def test_every_business_is_done_in_the_minutes_that_the_start_page_tells(address, phone):
    page = phone(360)
    counted = [count(page, address, business) for business in BUSINESSES]
    assert min(each.questions for each in counted) < max(each.questions for each in counted)
    assert math.ceil(max(each.minutes for each in counted)) == PROMISED
    page.goto(f"{address}/vi/")
    (told,) = re.findall(r"\d+", page.locator("form.start span").inner_text())
    assert int(told) == PROMISED
