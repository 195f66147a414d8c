{{- define "ml-inference-api.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "ml-inference-api.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "ml-inference-api.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "ml-inference-api.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "ml-inference-api.selector" -}}
app.kubernetes.io/name: {{ include "ml-inference-api.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ml-inference-api.labels" -}}
{{ include "ml-inference-api.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "ml-inference-api.metadata" -}}
name: {{ include "ml-inference-api.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "ml-inference-api.labels" . | nindent 2 }}
{{- end -}}

{{- define "ml-inference-api.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "ml-inference-api.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ml-inference-api.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "ml-inference-api.accessSecret" -}}
{{- if .Values.access.existingSecret -}}
{{- .Values.access.existingSecret -}}
{{- else if .Values.access.file -}}
{{- printf "%s-access" (include "ml-inference-api.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- /* Numbers of YAML are floating point here, which large ones show: 2e+10. */ -}}
{{- define "ml-inference-api.text" -}}
{{- if kindIs "float64" . -}}
{{- if eq (floor .) . -}}{{- int64 . -}}{{- else -}}{{- . -}}{{- end -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{- /* Nine tenths of models.cacheSize: a volume that is over its size ends the pod. */ -}}
{{- define "ml-inference-api.maxBytes" -}}
{{- $number := regexFind "^[0-9]+" .Values.models.cacheSize | int64 -}}
{{- $factor := index (dict "Mi" 1 "Gi" 1024 "Ti" 1048576) (regexFind "[A-Z]i$" .Values.models.cacheSize) | int64 -}}
{{- printf "%dMB" (div (mul $number $factor 9) 10) -}}
{{- end -}}
