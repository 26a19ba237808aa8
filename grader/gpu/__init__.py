"""GPUs of this host: discovery, health, one job at a time, quarantine, watching.

Decisions are plain code over what a `Driver` says; the one that is real is `nvml`, the only module
that calls into the driver. What a session does on a device is read from the driver, outside of the
sandbox, and never asked of the session.
"""
