"""Every metric watchd exposes, on a registry that the composition root hands in.

Names and labels follow Prometheus's naming rules: base units, `_total` for counters, bounded label values, no titles, users,
URLs or item ids. Label values that are known beforehand start at 0.
"""

import sys

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)

from watchd import __version__

REJECTIONS = ("auth", "malformed", "ignored", "refused", "too_large", "duplicate", "internal", "unavailable", "unknown_source")
RESULTS = ("ok", "duplicate", "retry", "dead", "held", "unidentified", "superseded")
DELIVERY_BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
HTTP_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
SYNC_BUCKETS = (0.5, 1, 2.5, 5, 15, 60, 300, 900, 1800)
UPSTREAM_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """All metrics of one process; two instances on two registries never meet."""

    def __init__(self, registry: CollectorRegistry) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry
        for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
            registry.register(collector)
        build = Gauge("watchd_build_info", "What runs; always 1.", ("version", "python"), registry=registry)
        build.labels(__version__, ".".join(map(str, sys.version_info[:3]))).set(1)
        self._intake(registry)
        self._outbox(registry)
        self._upstream(registry)
        self._serving(registry)
        self._sync(registry)

    def _intake(self, registry: CollectorRegistry) -> None:
        self.events_received = Counter(
            "watchd_events_received_total", "Events accepted at intake.", ("source", "action"), registry=registry
        )
        self.events_rejected = Counter(
            "watchd_events_rejected_total", "Events not turned into anything.", ("source", "reason"), registry=registry
        )
        self.plays_recorded = Counter("watchd_plays_recorded_total", "Plays that became history.", ("kind",), registry=registry)
        for kind in ("movie", "episode"):
            self.plays_recorded.labels(kind)
        self.now_playing = Gauge("watchd_now_playing_sessions", "Open sittings.", ("source", "state"), registry=registry)
        self.now_changes = Counter("watchd_now_playing_changes_total", "Changes of what is being watched.", registry=registry)

    def _outbox(self, registry: CollectorRegistry) -> None:
        target = ("target",)
        self.outbox_pending = Gauge("watchd_outbox_pending_items", "Deliveries not settled yet.", target, registry=registry)
        self.outbox_dead = Gauge("watchd_outbox_dead_items", "Deliveries refused for good.", target, registry=registry)
        self.outbox_age = Gauge(
            "watchd_outbox_oldest_pending_age_seconds", "Age of the oldest open delivery; 0 without.", target, registry=registry
        )
        self.outbox_held = Gauge("watchd_outbox_held", "1 while the account is held by the target.", target, registry=registry)
        self.deliveries = Counter(
            "watchd_outbox_deliveries_total", "Attempts to deliver, by result.", ("target", "result"), registry=registry
        )
        for result in RESULTS:
            self.deliveries.labels("trakt", result)
        self.delivery_seconds = Histogram(
            "watchd_outbox_delivery_seconds",
            "From what happened to its acceptance by the target.",
            target,
            buckets=DELIVERY_BUCKETS,
            registry=registry,
        )
        for gauge in (self.outbox_pending, self.outbox_dead, self.outbox_age, self.outbox_held):
            gauge.labels("trakt")

    def _upstream(self, registry: CollectorRegistry) -> None:
        self.upstream_requests = Counter(
            "watchd_upstream_requests_total",
            "Calls to Trakt and TMDB; code is the status or `error`.",
            ("service", "endpoint", "method", "code"),
            registry=registry,
        )
        self.upstream_seconds = Histogram(
            "watchd_upstream_request_duration_seconds",
            "How long calls to Trakt and TMDB took.",
            ("service", "endpoint"),
            buckets=UPSTREAM_BUCKETS,
            registry=registry,
        )
        self.upstream_last_success = Gauge(
            "watchd_upstream_last_success_timestamp_seconds", "Time of the last good answer.", ("service",), registry=registry
        )
        self.ratelimit_remaining = Gauge(
            "watchd_upstream_ratelimit_remaining_requests",
            "Requests the service says are left in its window.",
            ("service", "bucket"),
            registry=registry,
        )
        self.ratelimit_waits = Counter(
            "watchd_upstream_ratelimit_waits_total", "Waits for our own limiter.", ("service", "bucket"), registry=registry
        )
        self.ratelimit_wait_seconds = Counter(
            "watchd_upstream_ratelimit_wait_seconds_total",
            "Time spent waiting for our own limiter.",
            ("service", "bucket"),
            registry=registry,
        )
        self.token_expiry = Gauge(
            "watchd_upstream_token_expiry_timestamp_seconds", "When the access token ends.", ("service",), registry=registry
        )
        self.token_refreshes = Counter(
            "watchd_upstream_token_refreshes_total", "Refreshes by result.", ("service", "result"), registry=registry
        )
        for result in ("ok", "ambiguous", "refused"):
            self.token_refreshes.labels("trakt", result)
        self.poll_last_success = Gauge(
            "watchd_poll_last_success_timestamp_seconds", "Time of the last good poll.", ("poller",), registry=registry
        )
        self.poll_asked = Gauge(
            "watchd_poll_asked", "1 while there is a login or a name to poll with.", ("poller",), registry=registry
        )
        self.poll_seconds = Histogram(
            "watchd_poll_duration_seconds", "How long polls took.", ("poller",), buckets=UPSTREAM_BUCKETS, registry=registry
        )

        self.internal_errors = Counter(
            "watchd_internal_errors_total", "Unforeseen errors that were survived.", ("part",), registry=registry
        )
        for part in ("poller", "artwork", "watcher", "sync", "indexer", "pictures", "airing", "recorder"):
            self.internal_errors.labels(part)

    def _sync(self, registry: CollectorRegistry) -> None:
        which = ("sync",)
        self.sync_running = Gauge("watchd_sync_running", "1 while Trakt's library is read.", which, registry=registry)
        self.sync_last_success = Gauge(
            "watchd_sync_last_success_timestamp_seconds",
            "Time of the last run without trouble, and of the last that read the history whole.",
            ("sync", "kind"),
            registry=registry,
        )
        self.sync_seconds = Histogram(
            "watchd_sync_duration_seconds", "How long runs took.", which, buckets=SYNC_BUCKETS, registry=registry
        )
        self.sync_failed = Gauge("watchd_sync_failed_sections", "Sections whose last read failed.", which, registry=registry)
        self.sync_doubted = Gauge(
            "watchd_sync_doubted_sections", "Sections that shrank and wait for a second read.", which, registry=registry
        )
        self.sync_mismatch = Gauge(
            "watchd_sync_mismatch_plays", "Plays Trakt counts beyond those linked here.", ("sync", "kind"), registry=registry
        )
        self.sync_ghosts = Counter("watchd_sync_ghost_rows_total", "Rows passed over: they name nothing.", registry=registry)

    def _serving(self, registry: CollectorRegistry) -> None:
        self.http_requests = Counter(
            "watchd_http_requests_total", "Requests answered.", ("route", "method", "code"), registry=registry
        )
        self.http_seconds = Histogram(
            "watchd_http_request_duration_seconds",
            "How long answers took.",
            ("route", "method"),
            buckets=HTTP_BUCKETS,
            registry=registry,
        )
        self.http_in_flight = Gauge("watchd_http_requests_in_flight", "Requests being answered.", registry=registry)
        self.pictures = Gauge(
            "watchd_library_pictures_titles",
            "Movies and shows of the library, by their pictures; failing: TMDB did not answer when last asked.",
            ("state",),
            registry=registry,
        )
        for state in ("found", "none", "waiting", "failing"):
            self.pictures.labels(state)
        self.aired = Gauge(
            "watchd_library_aired_shows",
            "Shows of the library, by what TMDB told of their episodes; failing: not told anew when last asked.",
            ("state",),
            registry=registry,
        )
        for state in ("told", "none", "waiting", "failing"):
            self.aired.labels(state)
        self.db_size = Gauge("watchd_db_size_bytes", "Size of the database file.", registry=registry)
        self.db_wal_size = Gauge("watchd_db_wal_size_bytes", "Size of the write-ahead log.", registry=registry)
        self.loop_lag = Histogram(
            "watchd_event_loop_lag_seconds",
            "How late the loop woke.",
            buckets=(0.001, 0.01, 0.05, 0.1, 0.5, 1),
            registry=registry,
        )
