"""Unit tests for the texts of jobs that are not finished"""
import unittest

import schedule


class ReprTests(unittest.TestCase):
    def test_partially_composed_job(self):
        # Ensure Job.__repr__ does not throw exception on a partially-composed Job
        s3 = repr(schedule.every(10))
        assert s3 == "Every 10 None do [None] (last run: [never], next run: [never])"
