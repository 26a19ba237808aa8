"""What a job produces: frozen data whose field names are those of the JSON schema, version 1.

The checker builds a verdict with `sum_up`, the daemon adds usage and environment, the platform
reads it with `from_json`. As JSON it has at most 64 KiB.
"""

from grader.verdict.as_json import ADAPTER, MAX_JSON_BYTES, from_json, to_dict, to_json
from grader.verdict.schema import (
    SCHEMA,
    CheckResult,
    CheckStatus,
    Counterexample,
    Environment,
    PerformanceResult,
    Status,
    StepResult,
    StepStatus,
    Usage,
    Verdict,
    status_of,
    sum_up,
)

__all__ = [
    "ADAPTER",
    "MAX_JSON_BYTES",
    "SCHEMA",
    "CheckResult",
    "CheckStatus",
    "Counterexample",
    "Environment",
    "PerformanceResult",
    "Status",
    "StepResult",
    "StepStatus",
    "Usage",
    "Verdict",
    "from_json",
    "status_of",
    "sum_up",
    "to_dict",
    "to_json",
]
