"""Reports of four hundred shapes: the page, the PDF and the Word file say the same."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.reports.shapes import documents
from tests.reports.test_alike import differences


@pytest.mark.drills
@given(documents())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_its_shape_a_report_says_the_same_in_all_its_forms(document):
    assert differences(document) == []
