{{- /* Made of deploy/observability/rules by `npm run manifests`. */ -}}
{{- define "ml-inference-api.rules" -}}
groups:
  - name: ml-inference-api-recording
    rules:
      - record: model:ml_inference_requests:rate5m
        expr: sum by (model) (rate(ml_inference_requests_total[5m]))
      - record: model:ml_inference_server_errors:rate5m
        expr: |
          sum by (model) (rate(ml_inference_errors_total{code=~"INFERENCE_FAILED|INTERNAL_SERVER_ERROR|MODEL_NOT_READY|OVERLOADED|DEADLINE_EXCEEDED"}[5m]))
          or 0 * sum by (model) (rate(ml_inference_requests_total[5m]))
      - record: model:ml_inference_server_errors:ratio_rate5m
        expr: model:ml_inference_server_errors:rate5m / clamp_min(model:ml_inference_requests:rate5m, 1e-9)
      - record: model:ml_inference_request_duration_seconds:p99_rate5m
        expr: histogram_quantile(0.99, sum by (le, model) (rate(ml_inference_request_duration_seconds_bucket{outcome="success"}[5m])))
      - record: model:ml_inference_queue_wait_seconds:p99_rate5m
        expr: histogram_quantile(0.99, sum by (le, model) (rate(ml_inference_queue_wait_seconds_bucket[5m])))
      - record: instance:ml_inference_cache_hits:ratio_rate5m
        expr: |
          sum by (instance) (rate(ml_inference_cache_lookups_total{tier="memory", result="hit"}[5m]))
          / clamp_min(sum by (instance) (rate(ml_inference_cache_lookups_total{tier="memory"}[5m])), 1e-9)
  - name: ml-inference-api-alerts
    rules:
      - alert: MlInferenceReplicaDown
        expr: up{job="{{ include "ml-inference-api.name" . }}"} == 0
        for: 1m
        labels:
          severity: critical
        annotations:
          summary: "{{ "{{" }} $labels.instance }} does not answer the scrape."
          runbook_url: docs/operations.md#replica-down
      - alert: MlInferenceModelNotReady
        expr: max by (model, version) (ml_inference_model_ready) == 0 and on (model) (max by (model) (ml_inference_model_ready) == 0)
        for: 2m
        labels:
          severity: critical
        annotations:
          summary: No version of {{ "{{" }} $labels.model }} answers.
          runbook_url: docs/operations.md#model-not-ready
      - alert: MlInferenceErrors
        expr: model:ml_inference_server_errors:ratio_rate5m > 0.05
        for: 5m
        labels:
          severity: critical
        annotations:
          summary: "{{ "{{" }} $value | humanizePercentage }} of the predictions of {{ "{{" }} $labels.model }} fail."
          runbook_url: docs/operations.md#predictions-fail
      - alert: MlInferenceOverloaded
        expr: sum by (model) (rate(ml_inference_errors_total{code="OVERLOADED"}[5m])) > 0
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: "The queue of {{ "{{" }} $labels.model }} is full: requests are refused."
          runbook_url: docs/operations.md#overloaded
      - alert: MlInferenceQueueWait
        expr: model:ml_inference_queue_wait_seconds:p99_rate5m > 0.5
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: Requests for {{ "{{" }} $labels.model }} wait {{ "{{" }} $value | humanizeDuration }} for a worker.
          runbook_url: docs/operations.md#requests-wait
      - alert: MlInferenceWorkersDie
        expr: sum by (instance, model) (increase(ml_inference_worker_losses_total[10m])) > 3
        labels:
          severity: warning
        annotations:
          summary: "{{ "{{" }} $value | humanize }} workers of {{ "{{" }} $labels.model }} died within ten minutes."
          runbook_url: docs/operations.md#workers-die
      - alert: MlInferenceEventLoopBlocked
        expr: max by (instance) (nodejs_eventloop_lag_p99_seconds) > 0.25
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: The event loop of {{ "{{" }} $labels.instance }} is {{ "{{" }} $value | humanizeDuration }} late.
          runbook_url: docs/operations.md#event-loop-blocked
      - alert: MlInferenceRedisOut
        expr: ml_inference_redis_up == 0 and on (instance) max_over_time(ml_inference_redis_up[1h]) == 1
        for: 2m
        labels:
          severity: warning
        annotations:
          summary: "{{ "{{" }} $labels.instance }} had Redis and does without it now."
          runbook_url: docs/operations.md#redis-out
      - alert: MlInferenceSpansDropped
        expr: sum by (instance) (rate(ml_inference_spans_dropped_total[5m])) > 0
        for: 10m
        labels:
          severity: info
        annotations:
          summary: "{{ "{{" }} $labels.instance }} cannot send its traces."
          runbook_url: docs/operations.md#spans-dropped
  - name: ml-inference-drift-alerts
    rules:
      - alert: MlInferenceDrift
        expr: max by (model, version) (ml_inference_drift_state) == 2
        for: 1m
        labels:
          severity: warning
        annotations:
          summary: What version {{ "{{" }} $labels.version }} of {{ "{{" }} $labels.model }} gets or predicts is no longer like its reference.
          runbook_url: docs/drift.md
      - alert: MlInferenceDriftWarning
        expr: max by (model, version) (ml_inference_drift_state) == 1
        for: 15m
        labels:
          severity: info
        annotations:
          summary: Version {{ "{{" }} $labels.version }} of {{ "{{" }} $labels.model }} has been near its thresholds of drift for 15 minutes.
          runbook_url: docs/drift.md
{{- end -}}
