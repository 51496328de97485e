"""Real parts for every test: each file of `support` starts one kind of them on private ports."""

pytest_plugins = [
    "tests.support.broker",
    "tests.support.cups",
    "tests.support.postgres",
    "tests.support.chromium",
    "tests.support.house",
    "tests.support.fleet",
    "tests.support.devices",
    "tests.support.door",
    "tests.support.identities",
]
