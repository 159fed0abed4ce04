"""Reports of four hundred shapes: the page, the PDF and the Word file say the same, and what the
Word file and the page say comes in again with the same words and numbers."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.reports.shapes import documents
from tests.reports.test_alike import differences
from tests.reports.test_round_trip import lost_on_the_way, ours, page, web

pytestmark = pytest.mark.drills
many = settings(max_examples=400, suppress_health_check=list(HealthCheck))


@given(documents())
@many
def test_whatever_its_shape_a_report_says_the_same_in_all_its_forms(document):
    assert differences(document) == []


@given(ours())
@many
def test_whatever_its_shape_a_report_comes_in_again_as_it_went_out(document):
    assert lost_on_the_way(document) == []
    assert lost_on_the_way(document, web, page) == []
