export interface paths {
    "/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict one input
         * @description The input is a string, or an object with one key that matches the input kind of the model.
         */
        post: operations["predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict many inputs
         * @description Results are in the order of the inputs; an invalid input yields an error in its place.
         */
        post: operations["predictBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the models */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show one model */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Load a model
         * @description Loads a model, or one version of it, next to the serving version. Returns once it is ready.
         */
        post: operations["loadModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}/unload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unload a model
         * @description Unloads a model, or one version of it. Returns once the memory is freed.
         */
        post: operations["unloadModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read the models folder again
         * @description Applies the changes in the folder of one model, or of all models. Returns once they are served.
         */
        post: operations["reloadModels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}/traffic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Split the traffic of a model
         * @description Replaces the traffic split of model.yaml for requests that do not name a version. Without `split` and `shadow`, model.yaml applies again.
         */
        put: operations["setTraffic"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the versions of a model
         * @description Method: Robbins' normal mixture confidence sequence for bounded (sub-Gaussian) means, 95 %, by a union bound over the two versions: valid at all times at once, so that it may be looked at as often as one likes (Howard, Ramdas, McAuliffe, Sekhon: Annals of Statistics 49(2), 2021).
         */
        get: operations["compareVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare the inputs and predictions of a model with its reference */
        get: operations["modelDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}/drift/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Use the recent traffic of a model as its reference
         * @description Returns the content of a `profile.json` and uses it as the reference of the model from now on.
         */
        post: operations["freezeProfile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report the outcome of a prediction
         * @description The replica that made the prediction remembers it for 24 hours, up to the last 100,000 predictions.
         */
        post: operations["reportOutcome"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Health of the server and its models */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process is alive
         * @description For the liveness probe of an orchestrator.
         */
        get: operations["livez"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process accepts traffic
         * @description For the readiness probe of an orchestrator.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics
         * @description JSON, or Prometheus text with `Accept: text/plain` or `application/openmetrics-text`.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/prometheus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: operations["prometheus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics of the last hour
         * @description Metrics of this replica over the last hour, oldest first.
         */
        get: operations["metricsHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Failed, refused and slow requests
         * @description Those of the last 15 minutes on this replica, newest first. A caller limited to some models sees those that concern only these.
         */
        get: operations["recentRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events of the models
         * @description Events since this replica started, newest first. The last 1000 are remembered. The GraphQL subscription `modelEvents` tells them as they happen.
         */
        get: operations["modelEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replicas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Replicas of the server
         * @description Those that share a Redis; without Redis, only the one that answers.
         */
        get: operations["replicas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage by caller
         * @description What each caller has used since the start of the replica that answers. Requires the scope `access:admin`.
         */
        get: operations["usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller and its scopes */
        get: operations["viewer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metadata of the server */
        get: operations["v2ServerMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server is alive */
        get: operations["v2Live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server is ready */
        get: operations["v2Ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Statistics of all models */
        get: operations["v2Statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metadata of a model */
        get: operations["v2ModelMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metadata of a model, of one version */
        get: operations["v2ModelMetadataOfVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model is ready */
        get: operations["v2ModelReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model is ready, of one version */
        get: operations["v2ModelReadyOfVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Configuration of a model */
        get: operations["v2ModelConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Configuration of a model, of one version */
        get: operations["v2ModelConfigOfVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Statistics of a model */
        get: operations["v2ModelStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Statistics of a model, of one version */
        get: operations["v2ModelStatisticsOfVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Infer */
        post: operations["v2Infer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Infer, of one version */
        post: operations["v2InferOfVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/generate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Generate text from a text */
        post: operations["v2Generate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/generate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Generate text from a text, of one version */
        post: operations["v2GenerateOfVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/generate_stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Generate text from a text, as an event stream */
        post: operations["v2GenerateStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/generate_stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Generate text from a text, as an event stream, of one version */
        post: operations["v2GenerateStreamOfVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Index of the models */
        post: operations["v2RepositoryIndex"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{model}/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Load a model */
        post: operations["v2LoadModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{model}/unload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unload a model */
        post: operations["v2UnloadModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One prediction. */
        PredictRequest: {
            /** @description Input of the prediction: a string, or an object whose key is the input kind. */
            input: string | components["schemas"]["ModelInput"];
            /** @description Name of the model. Defaults to the default model. */
            model?: string;
            /** @description Version of the model, or a version label. Defaults to the model's traffic split. */
            version?: string;
            /** @description Key, such as a user or session ID, that always selects the same version while traffic is split. Defaults to the header X-Assignment-Key; without one, every request draws a version. */
            assignment_key?: string;
            /** @description Number of most likely labels to return. */
            scores?: number;
            /** @description Whether to return all output tensors. */
            outputs?: boolean;
            /** @description Whether to tell where the time of the prediction went. */
            timings?: boolean;
            /** @description Options of the prediction. */
            options?: {
                /** @description Timeout in milliseconds. Defaults to the header X-Request-Timeout-Ms. */
                timeout_ms?: number;
                /**
                 * @description Defaults to interactive for one input and bulk for a batch.
                 * @enum {string}
                 */
                priority?: "interactive" | "bulk";
                /**
                 * @description How to use the cache. Defaults to use.
                 * @enum {string}
                 */
                cache?: "use" | "refresh" | "bypass";
            };
        };
        /** @description The input of one prediction: exactly one of text, features, image, tensors. */
        ModelInput: {
            /** @description Text, for models of input kind text. */
            text?: string;
            /** @description Column values by name, for models of input kind features. */
            features?: {
                [key: string]: unknown;
            };
            /** @description Data URL or base64 of a PNG, JPEG or WebP file. */
            image?: string;
            tensors?: components["schemas"]["TensorInput"][];
        };
        /** @description One named tensor. */
        TensorInput: {
            /** @description Name of the input in the signature. */
            name: string;
            /** @enum {string} */
            datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "BF16" | "FP32" | "FP64" | "BYTES";
            shape: number[];
            /** @description Elements in row-major order, flat or nested. */
            data: unknown[];
        };
        /** @description Why there is no answer. */
        Error: {
            error: {
                /** @enum {string} */
                code: "BAD_USER_INPUT" | "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" | "MODEL_NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CONFLICT" | "PAYLOAD_TOO_LARGE" | "JSON_TOO_COMPLEX" | "REQUEST_TIMEOUT" | "ANSWER_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "RATE_LIMITED" | "COST_EXCEEDED" | "PERSISTED_QUERY_NOT_FOUND" | "PERSISTED_QUERY_NOT_SUPPORTED" | "INFERENCE_FAILED" | "INTERNAL_SERVER_ERROR" | "MODEL_NOT_READY" | "OVERLOADED" | "DEADLINE_EXCEEDED";
                /** @description What was wrong and what is allowed. */
                message: string;
                details?: {
                    [key: string]: unknown;
                };
            };
        };
        /** @description One answer of a model. */
        Prediction: {
            /** @description Unique identifier of this prediction, to report its outcome. */
            id: string;
            /** @description The predicted value: a label, labels, a number, a vector or the data of a tensor. */
            prediction: unknown;
            /** @description Probability from 0 to 1; null if the output kind has none. */
            confidence: number | null;
            /** @description Time from the request to the prediction within the server, in milliseconds. */
            latency_ms: number;
            model: string;
            version: string;
            /** @description Whether the prediction came from the cache. */
            cached: boolean;
            scores?: components["schemas"]["Score"][] | null;
            outputs?: components["schemas"]["Tensor"][];
            timings?: components["schemas"]["Timings"];
        };
        /** @description A label and its probability. */
        Score: {
            label: string;
            score: number;
        };
        /** @description A named output tensor. */
        Tensor: {
            name: string;
            datatype: string;
            shape: number[];
            /** @description Elements as a flat array in row-major order. */
            data: unknown[];
        };
        /** @description Where the time of a prediction went, in milliseconds. */
        Timings: {
            /** @description Turning the input into tensors. */
            encode_ms: number;
            /** @description Looking in the cache. */
            cache_ms: number;
            /** @description Waiting for a worker; 0 when cached. */
            queue_ms: number;
            /** @description The batch in the engine; 0 when cached. */
            inference_ms: number;
        };
        /** @description Results of a batch. */
        BatchPrediction: {
            /** @description In the order of the inputs. */
            results: (components["schemas"]["Prediction"] | components["schemas"]["Error"])[];
            latency_ms: number;
        };
        ModelList: {
            models: components["schemas"]["Model"][];
        };
        /** @description One model of the repository. */
        Model: {
            name: string;
            description: string | null;
            /** @description Whether requests that do not name a model use this one. */
            default: boolean;
            /** @enum {string} */
            state: "loading" | "warming" | "ready" | "draining" | "unloaded" | "failed";
            reason: string | null;
            serving_version: string | null;
            /** @description Whether it was warmed up with a prediction before it served clients. */
            warmed: boolean | null;
            batching: components["schemas"]["Batching"] | null;
            input_kind: string | null;
            output_kind: string | null;
            labels: string[] | null;
            /** @description Columns of a model whose input kind is features; otherwise null. */
            columns: components["schemas"]["InputColumn"][] | null;
            /** @description Unit of a regression. */
            unit: string | null;
            versions: components["schemas"]["ModelVersion"][];
            /** @description Labels that clients can use instead of a version. */
            version_labels: {
                [key: string]: string;
            };
            /** @description Traffic split; the rest up to 100 percent goes to serving_version. */
            traffic: components["schemas"]["TrafficShare"][];
            /** @description Version that also runs a share of the requests, for comparison only. */
            shadow: components["schemas"]["TrafficShare"] | null;
            examples: {
                input: unknown;
                prediction?: unknown;
            }[];
        };
        /** @description Whether inputs that come together are run together. */
        Batching: {
            enabled: boolean;
            /** @description Why, or why not. */
            reason: string;
            /** @description Whether the server has verified that batching does not change the predictions. */
            verified: boolean;
        };
        /** @description A column of a model: a key of `features`. */
        InputColumn: {
            name: string;
            description: string | null;
            type: string;
            values: unknown[] | null;
            closed: boolean;
            required: boolean;
        };
        /** @description One version of a model. */
        ModelVersion: {
            version: string;
            /** @enum {string} */
            state: "loading" | "warming" | "ready" | "draining" | "unloaded" | "failed";
            /** @description Why it failed to load; otherwise null. */
            reason: string | null;
            engine: string | null;
            backend: string | null;
            /** @description Whether it was warmed up with a prediction before it served clients. */
            warmed: boolean | null;
            batching: components["schemas"]["Batching"] | null;
            load_ms: number | null;
            workers: number;
            signature: {
                inputs: components["schemas"]["TensorSpec"][];
                outputs: components["schemas"]["TensorSpec"][];
            } | null;
        };
        /** @description What a model declares of one input or output. */
        TensorSpec: {
            name: string;
            datatype: string;
            /** @description null marks a dynamic dimension. */
            shape: (number | null)[];
            /** @description Whether the model declares no shape and accepts any. */
            unranked?: boolean;
            /** @description Whether the input may be omitted. */
            optional?: boolean;
        };
        /** @description A version's share of the requests. */
        TrafficShare: {
            /** @description Version, or a version label. */
            version: string;
            /** @description Share of the requests in percent. */
            percent: number;
        };
        /** @description What to load. */
        LoadRequest: {
            /** @description Version to load even if the version policy of the model does not include it. Defaults to the versions of the policy. */
            version?: string;
            /**
             * @description Accepts a change that is incompatible with the serving version.
             * @default false
             */
            force: boolean;
        };
        /** @description The model or version to unload. */
        UnloadRequest: {
            /** @description Version to unload. Defaults to all versions. */
            version?: string;
        };
        /** @description The models to reload. */
        ReloadRequest: {
            /** @description Name of the model. Defaults to all models. */
            model?: string;
            /**
             * @description Accepts a change that is incompatible with the serving version.
             * @default false
             */
            force: boolean;
        };
        /** @description Traffic split for requests that do not name a version. */
        TrafficRequest: {
            /** @description Traffic split; the rest up to 100 percent goes to the serving version. */
            split?: components["schemas"]["TrafficShare"][];
            /** @description Version that also runs a share of the requests, for comparison only. Defaults to none. */
            shadow?: components["schemas"]["TrafficShare"];
        };
        /** @description Comparison of the versions of a model. */
        ModelComparison: {
            model: string;
            serving_version: string | null;
            method: string;
            versions: components["schemas"]["VersionComparison"][];
        };
        /** @description Statistics of one version. */
        VersionComparison: {
            version: string;
            serving: boolean;
            traffic_percent: number;
            /** @description Requests other than invalid ones, counted while more than one version is loaded. */
            requests: number;
            errors: number;
            error_rate: number | null;
            /** @description Latency of computed predictions; cached ones do not count. */
            avg_latency_ms: number | null;
            p50_latency_ms: number | null;
            p95_latency_ms: number | null;
            p99_latency_ms: number | null;
            predictions: {
                label: string;
                count: number;
            }[];
            other_predictions: number;
            mean_confidence: number | null;
            agreement: components["schemas"]["SuccessRate"];
            shadow_dropped: number;
            shadow_failed: number;
            outcomes: components["schemas"]["SuccessRate"];
            /** @description Metrics of the version on this replica, also while no other is loaded. */
            metrics: components["schemas"]["Metrics"];
            compared_to_serving: {
                difference: number | null;
                low: number | null;
                high: number | null;
                /** @enum {string} */
                verdict: "BETTER" | "WORSE" | "NOT_YET_KNOWN";
                more_outcomes_needed: number | null;
            } | null;
        };
        /** @description How many of how many. */
        SuccessRate: {
            count: number;
            successes: number;
            rate: number | null;
        };
        /** @description Counters since the start, and what happens now. */
        Metrics: {
            /** @description Milliseconds since 1970 (UTC). */
            timestamp: number;
            uptime_seconds: number;
            /** @description null for all models together. */
            model: string | null;
            /** @description Number of replicas that the figures include. */
            replicas: number;
            /** @description Each input of a batch counts. */
            total_requests: number;
            successful_requests: number;
            failed_requests: number;
            cache_hits: number;
            cache_misses: number;
            /** @description Hits per cache lookup, 0 to 1. */
            cache_hit_rate: number;
            /** @description Mean over the last minute, like the percentiles; null if there were no predictions. */
            avg_latency_ms: number | null;
            p50_latency_ms: number | null;
            p95_latency_ms: number | null;
            p99_latency_ms: number | null;
            /** @description Predictions per second over the last ten seconds. */
            throughput: number;
            in_flight: number;
            queued_rows: number;
            batches: number;
            avg_batch_size: number | null;
            batch_sizes: {
                up_to: number | null;
                count: number;
            }[];
            /** @description Failed predictions by error code. */
            errors: {
                [key: string]: number;
            };
        };
        /** @description Comparison of a version with its reference. */
        DriftReport: {
            model: string;
            version: string;
            /** @enum {string} */
            window: "RECENT" | "HOUR" | "DAY";
            /** @enum {string} */
            state: "NONE" | "WARNING" | "DRIFT" | "NOT_ENOUGH_DATA";
            reason: string;
            predictions: number;
            replicas: number;
            severity: number;
            /** @description Features that exceed a threshold, worst first. */
            columns: string[];
            features: components["schemas"]["FeatureDrift"][];
            /** @description Features that the reference does not contain. */
            untested: string[];
            reference: {
                /** @enum {string} */
                source: "data" | "live";
                created_at: string;
                rows: number;
            } | null;
            estimated_accuracy: number | null;
            reference_accuracy: number | null;
            reported_accuracy: number | null;
            reported_outcomes: number;
            memory_bytes: number;
        };
        /** @description How one feature compares with its reference. */
        FeatureDrift: {
            name: string;
            /** @enum {string} */
            source: "input" | "prediction";
            /** @enum {string} */
            state: "NONE" | "WARNING" | "DRIFT" | "NOT_ENOUGH_DATA";
            values: number;
            severity: number;
            tests: components["schemas"]["DriftTest"][];
            histogram: {
                label: string | null;
                from: number | null;
                to: number | null;
                reference: number;
                current: number;
            }[];
        };
        /** @description A statistic of a feature. */
        DriftTest: {
            /** @enum {string} */
            statistic: "KOLMOGOROV_SMIRNOV" | "PSI" | "CHI_SQUARE" | "UNSEEN" | "MISSING" | "CONSTANT";
            value: number;
            threshold: number;
            /** @description Above 1, a threshold is exceeded. */
            severity: number;
        };
        /** @description The actual outcome of a prediction. */
        OutcomeRequest: {
            /** @description `id` of the prediction. */
            prediction_id: string;
            /** @description The actual outcome: a label, a list of labels, or a number. A predicted number within 10 percent of it is correct. */
            actual: string | number | string[] | number[];
        };
        /** @description How the server and its models are. */
        Health: {
            /**
             * @description degraded: a model or a component is impaired; unhealthy: no model can serve.
             * @enum {string}
             */
            status: "healthy" | "degraded" | "unhealthy";
            /** @description Whether at least one model can serve. */
            model_loaded: boolean;
            /** @description Whether the server accepts traffic. */
            ready: boolean;
            /** @description Reasons if the server is not healthy. */
            reasons: string[];
            /** @description Progress of loading; null when nothing is being loaded. */
            loading: {
                done: number;
                total: number;
            } | null;
            uptime_seconds: number;
            /** @description Version of the server. */
            version: string;
            models: {
                name: string;
                /** @enum {string} */
                state: "loading" | "warming" | "ready" | "draining" | "unloaded" | "failed";
                /** @description The serving version. */
                version: string | null;
                reason: string | null;
            }[];
        };
        Probe: {
            status: string;
        };
        /** @description Whether the process accepts traffic. */
        Readiness: {
            /** @enum {string} */
            status: "ready" | "not ready";
            /** @description Why not; told to those who may read the models. */
            reasons?: string[];
        };
        /** @description Metrics of the last hour, oldest first. */
        MetricsHistory: {
            points: components["schemas"]["MetricsPoint"][];
        };
        /** @description Metrics of an interval of about ten seconds. */
        MetricsPoint: {
            /** @description End of the interval, ms since 1970 (UTC). */
            timestamp: number;
            requests_per_second: number;
            failures_per_second: number;
            /** @description Hits per cache lookup, 0 to 1; null if there was no lookup. */
            cache_hit_rate: number | null;
            /** @description Over the minute before, like the other percentiles; null if there were no predictions, or if it covers some models but not all. */
            p50_latency_ms: number | null;
            p95_latency_ms: number | null;
            p99_latency_ms: number | null;
        };
        /** @description Requests of the last 15 minutes, newest first. */
        RecentRequests: {
            requests: components["schemas"]["RecentRequest"][];
        };
        /** @description A request that failed, was refused or was slow. */
        RecentRequest: {
            /** @description Also in the log and in `X-Request-Id`. */
            id: string;
            /** @description When it ended, in ISO 8601. */
            timestamp: string;
            /** @enum {string} */
            kind: "FAILED" | "REFUSED" | "SLOW";
            /** @enum {string} */
            transport: "http" | "websocket" | "grpc" | "internal";
            method: string;
            path: string;
            operation: string | null;
            /** @description Models that it requested predictions from. */
            models: string[];
            /** @description Predictions that it requested. */
            rows: number;
            status: number;
            /** @description null if it was only slow. */
            code: string | null;
            /** @description For bad input, only its kind, unless RECENT_REQUEST_INPUTS is set. */
            message: string | null;
            /** @description Whether the client left before the answer was complete. */
            aborted: boolean;
            duration_ms: number;
            /** @description null if neither the server nor the client traces it. */
            trace_id: string | null;
            /** @description Requires the scope access:admin. */
            caller: string | null;
            /** @description Beginning of the first input; null unless RECENT_REQUEST_INPUTS is set. */
            input: string | null;
        };
        /** @description Events of the models, newest first. */
        ModelEvents: {
            events: components["schemas"]["ModelEvent"][];
        };
        /** @description A change of a model or one of its versions. */
        ModelEvent: {
            /** @enum {string} */
            kind: "LOADED" | "FAILED" | "UNLOADED" | "TRAFFIC_CHANGED" | "ROLLED_BACK" | "DRIFT";
            model: string;
            /** @description null if the event concerns the whole model. */
            version: string | null;
            /** @description What happened, in words. */
            message: string;
            /** @description ISO 8601. */
            timestamp: string;
        };
        /** @description The replicas, the one that answers first. */
        Replicas: {
            replicas: components["schemas"]["Replica"][];
        };
        /** @description A process of the server. What a replica of an older version does not report is null. */
        Replica: {
            /** @description New at every start. */
            id: string;
            /** @description Whether it is the one that answers. */
            self: boolean;
            /** @description Name of its machine or container. */
            host: string | null;
            /** @description Version of the server. */
            version: string | null;
            status: ("healthy" | "degraded" | "unhealthy") | null;
            /** @description Whether it accepts traffic. */
            ready: boolean | null;
            uptime_seconds: number;
            total_requests: number;
            failed_requests: number;
            /** @description Predictions per second over the last ten seconds. */
            throughput: number;
            in_flight: number;
            queued_rows: number;
            /** @description Over the last minute. */
            p95_latency_ms: number | null;
            models: {
                name: string;
                /** @enum {string} */
                state: "loading" | "warming" | "ready" | "draining" | "unloaded" | "failed";
                /** @description The serving version. */
                version: string | null;
            }[];
        };
        /** @description Usage by caller, the heaviest first. */
        Usage: {
            usage: components["schemas"]["PrincipalUsage"][];
        };
        /** @description What a caller has used. */
        PrincipalUsage: {
            /** @description ID of an API key, `token:` and a subject, or `address:` and an address; `others` for callers that have long been silent. */
            id: string;
            name: string;
            /** @description Calls that made predictions. */
            calls: number;
            /** @description Predictions that were asked for, including those from the cache. */
            rows: number;
            /** @description Share of the compute time of the models. */
            compute_ms: number;
            /** @description Calls that were refused because of a rate limit. */
            refused: number;
            /** @description ISO 8601. */
            last_used_at: string;
        };
        /** @description The caller. */
        Viewer: {
            /** @description ID of the API key, `token:` and a subject, or `address:` and an address. */
            id: string;
            name: string;
            grants: components["schemas"]["GrantedScope"][];
        };
        /** @description A scope that is granted to the caller. */
        GrantedScope: {
            /** @enum {string} */
            scope: "predict" | "models:read" | "metrics:read" | "outcomes:write" | "models:admin" | "access:admin" | "documents:any";
            /** @description Models that it is limited to; null for all models. */
            models: string[] | null;
        };
        /** @description What was wrong, and what is allowed. */
        V2Error: {
            error: string;
        };
        /** @description The server and its extensions. */
        V2ServerMetadata: {
            name: string;
            version: string;
            extensions: string[];
        };
        /** @description Statistics of each version of a model. */
        V2Statistics: {
            model_stats: {
                name: string;
                version: string;
                /** @description Milliseconds since 1970. */
                last_inference: number;
                inference_count: number;
                execution_count: number;
                inference_stats: {
                    success: components["schemas"]["V2Duration"];
                    fail: components["schemas"]["V2Duration"];
                    queue: components["schemas"]["V2Duration"];
                    compute_input: components["schemas"]["V2Duration"];
                    compute_infer: components["schemas"]["V2Duration"];
                    compute_output: components["schemas"]["V2Duration"];
                    cache_hit: components["schemas"]["V2Duration"];
                    cache_miss: components["schemas"]["V2Duration"];
                };
                batch_stats: {
                    batch_size: number;
                    compute_infer: components["schemas"]["V2Duration"];
                }[];
            }[];
        };
        /** @description How often, and nanoseconds together. */
        V2Duration: {
            count: number;
            ns: number;
        };
        /** @description Inputs and outputs of a model. */
        V2ModelMetadata: {
            name: string;
            versions: string[];
            platform: string;
            inputs: components["schemas"]["V2TensorMetadata"][];
            outputs: components["schemas"]["V2TensorMetadata"][];
        };
        /** @description An input or output of a model. */
        V2TensorMetadata: {
            name: string;
            /** @enum {string} */
            datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "BF16" | "FP32" | "FP64" | "BYTES";
            /** @description -1 for a dynamic dimension. */
            shape: number[];
        };
        /** @description Triton's ModelConfig. */
        V2ModelConfig: {
            name: string;
            platform: string;
            backend: string;
            /** @description 0 if the model has no batch dimension. */
            max_batch_size: number;
            input: ({
                name: string;
                data_type: string;
                dims: number[];
                optional: boolean;
            } & {
                [key: string]: unknown;
            })[];
            output: ({
                name: string;
                data_type: string;
                dims: number[];
            } & {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        /** @description Tensors for a model. */
        V2InferRequest: {
            /** @description Returned in the response. */
            id?: string;
            /** @description Unknown parameters are ignored. */
            parameters?: {
                [key: string]: string | number | boolean;
            };
            inputs: ({
                name: string;
                /** @enum {string} */
                datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "BF16" | "FP32" | "FP64" | "BYTES";
                shape: number[];
                /** @description Unknown parameters are ignored. */
                parameters?: {
                    [key: string]: string | number | boolean;
                };
                /** @description Elements in row-major order, as a flat or nested array; omitted if they follow as binary data. */
                data?: unknown[];
            } & {
                [key: string]: unknown;
            })[];
            /** @description Outputs to return. Defaults to all outputs of the model. */
            outputs?: ({
                name: string;
                /** @description Unknown parameters are ignored. */
                parameters?: {
                    [key: string]: string | number | boolean;
                };
            } & {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        /** @description Tensors of a model. */
        V2InferResponse: {
            id?: string;
            model_name: string;
            model_version: string;
            outputs: {
                name: string;
                /** @enum {string} */
                datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "BF16" | "FP32" | "FP64" | "BYTES";
                shape: number[];
                /** @description Unknown parameters are ignored. */
                parameters?: {
                    [key: string]: string | number | boolean;
                };
                /** @description Elements in row-major order, as a flat or nested array; omitted if they follow as binary data. */
                data?: unknown[];
            }[];
        };
        /** @description One text, for a model whose input is text. */
        V2GenerateRequest: {
            id?: string;
            text_input: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The text of a model. */
        V2GenerateResponse: {
            id?: string;
            model_name: string;
            model_version: string;
            text_output: string;
        };
        /** @description Each version of each model. */
        V2RepositoryIndex: {
            name: string;
            version: string;
            /** @enum {string} */
            state: "READY" | "UNAVAILABLE" | "LOADING" | "UNLOADING";
            reason: string;
        }[];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description ID of the request in the log. */
        RequestId: string;
        /** @description Seconds to wait before a retry. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    predict: {
        parameters: {
            query?: {
                /** @description For an upload: the same as the field `model` of a form. */
                model?: string;
                /** @description For an upload: the same as the field `version` of a form. */
                version?: string;
                /** @description For an upload: the same as the field `assignment_key` of a form. */
                assignment_key?: string;
                /** @description For an upload: the same as the field `scores` of a form. */
                scores?: number;
                /** @description For an upload: the same as the field `outputs` of a form. */
                outputs?: boolean;
                /** @description For an upload: the same as the field `timings` of a form. */
                timings?: boolean;
                /** @description For an upload: the same as the field `timeout_ms` of a form. */
                timeout_ms?: number;
                /** @description For an upload: the same as the field `priority` of a form. */
                priority?: "interactive" | "bulk";
                /** @description For an upload: the same as the field `cache` of a form. */
                cache?: "use" | "refresh" | "bypass";
            };
            header?: {
                /** @description Timeout in milliseconds. Defaults to the server's REQUEST_TIMEOUT_MS. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Same as `assignment_key`, for clients that cannot change the body. */
                "X-Assignment-Key"?: string;
                /** @description `no-cache` recomputes the prediction and writes it to the cache, like `options.cache: refresh`. */
                "Cache-Control"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictRequest"];
                "multipart/form-data": {
                    /** @description A PNG, JPEG or WebP file. */
                    image: string;
                    /** @description Name of the model. Defaults to the default model. */
                    model?: string;
                };
                "image/png": unknown;
                "image/jpeg": unknown;
                "image/webp": unknown;
            };
        };
        responses: {
            /** @description The prediction. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prediction"];
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `INFERENCE_FAILED`: The model failed on this input; other inputs are not affected.
             *
             *     `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID.
             */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `MODEL_NOT_READY`: The model is still loading or failed to load; `health` says which and why.
             *
             *     `OVERLOADED`: The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `DEADLINE_EXCEEDED`: The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    predictBatch: {
        parameters: {
            query?: {
                /** @description For an upload: the same as the field `model` of a form. */
                model?: string;
                /** @description For an upload: the same as the field `version` of a form. */
                version?: string;
                /** @description For an upload: the same as the field `assignment_key` of a form. */
                assignment_key?: string;
                /** @description For an upload: the same as the field `scores` of a form. */
                scores?: number;
                /** @description For an upload: the same as the field `outputs` of a form. */
                outputs?: boolean;
                /** @description For an upload: the same as the field `timings` of a form. */
                timings?: boolean;
                /** @description For an upload: the same as the field `timeout_ms` of a form. */
                timeout_ms?: number;
                /** @description For an upload: the same as the field `priority` of a form. */
                priority?: "interactive" | "bulk";
                /** @description For an upload: the same as the field `cache` of a form. */
                cache?: "use" | "refresh" | "bypass";
            };
            header?: {
                /** @description Timeout in milliseconds. Defaults to the server's REQUEST_TIMEOUT_MS. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Same as `assignment_key`, for clients that cannot change the body. */
                "X-Assignment-Key"?: string;
                /** @description `no-cache` recomputes the prediction and writes it to the cache, like `options.cache: refresh`. */
                "Cache-Control"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Input of the prediction. */
                    inputs: (string | components["schemas"]["ModelInput"])[];
                    /** @description Name of the model. Defaults to the default model. */
                    model?: string;
                    /** @description Version of the model, or a version label. Defaults to the model's traffic split. */
                    version?: string;
                    /** @description Key, such as a user or session ID, that always selects the same version while traffic is split. Defaults to the header X-Assignment-Key; without one, every request draws a version. */
                    assignment_key?: string;
                    /** @description Number of most likely labels to return. */
                    scores?: number;
                    /** @description Whether to return all output tensors. */
                    outputs?: boolean;
                    /** @description Whether to tell where the time of the prediction went. */
                    timings?: boolean;
                    /** @description Options of the prediction. */
                    options?: {
                        /** @description Timeout in milliseconds. Defaults to the header X-Request-Timeout-Ms. */
                        timeout_ms?: number;
                        /**
                         * @description Defaults to interactive for one input and bulk for a batch.
                         * @enum {string}
                         */
                        priority?: "interactive" | "bulk";
                        /**
                         * @description How to use the cache. Defaults to use.
                         * @enum {string}
                         */
                        cache?: "use" | "refresh" | "bypass";
                    };
                };
                "multipart/form-data": {
                    image: string[];
                    /** @description Name of the model. Defaults to the default model. */
                    model?: string;
                };
                "image/png": unknown;
                "image/jpeg": unknown;
                "image/webp": unknown;
            };
        };
        responses: {
            /** @description Output tensors. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPrediction"];
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request.
             *
             *     `ANSWER_TOO_LARGE`: The answer would be larger than the server sends; ask for less at a time.
             */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `INFERENCE_FAILED`: The model failed on this input; other inputs are not affected.
             *
             *     `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID.
             */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `MODEL_NOT_READY`: The model is still loading or failed to load; `health` says which and why.
             *
             *     `OVERLOADED`: The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `DEADLINE_EXCEEDED`: The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All models in alphabetical order, including those that failed to load. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    loadModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LoadRequest"];
            };
        };
        responses: {
            /** @description The model as it serves now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `CONFLICT`: The change conflicts with what is being served, for example an incompatible signature. Fix the model, or use force. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_READY`: The model is still loading or failed to load; `health` says which and why. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    unloadModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UnloadRequest"];
            };
        };
        responses: {
            /** @description The model as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    reloadModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReloadRequest"];
            };
        };
        responses: {
            /** @description The models that were reloaded. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        models: components["schemas"]["Model"][];
                    };
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `CONFLICT`: The change conflicts with what is being served, for example an incompatible signature. Fix the model, or use force. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setTraffic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrafficRequest"];
            };
        };
        responses: {
            /** @description The model with its new traffic. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    compareVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The statistics of this replica. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelComparison"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_READY`: The model is still loading or failed to load; `health` says which and why. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    modelDrift: {
        parameters: {
            query?: {
                /** @description Version, or a version label. Defaults to the serving version. */
                version?: string;
                /** @description RECENT (the latest predictions), HOUR or DAY. */
                window?: "RECENT" | "HOUR" | "DAY";
                /** @description Serving version, or a label of it, to compare another version with instead of the reference. */
                against?: string;
            };
            header?: never;
            path: {
                /** @description Name of the model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description State, statistics, thresholds and histograms. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftReport"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_READY`: The model is still loading or failed to load; `health` says which and why. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    freezeProfile: {
        parameters: {
            query?: {
                /** @description Version, or a version label. Defaults to the serving version. */
                version?: string;
            };
            header?: never;
            path: {
                /** @description Name of the model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The profile. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `CONFLICT`: The change conflicts with what is being served, for example an incompatible signature. Fix the model, or use force. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_READY`: The model is still loading or failed to load; `health` says which and why. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    reportOutcome: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OutcomeRequest"];
            };
        };
        responses: {
            /** @description Whether the prediction was right. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        prediction_id: string;
                        model: string;
                        version: string;
                        correct: boolean;
                        /** @description Only the first outcome of a prediction is counted. */
                        counted: boolean;
                    };
                };
            };
            /**
             * @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed.
             *
             *     `JSON_TOO_COMPLEX`: The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request body arrived more slowly than MIN_BODY_RATE allows. */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Healthy or degraded. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No model can serve. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    livez: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probe"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not ready. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: {
                /** @description Model to report on. Defaults to all models together. JSON only. */
                model?: string;
                /** @description Replicas to include: this one, or all. JSON only. */
                scope?: "replica" | "cluster";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Metrics"];
                    "text/plain": string;
                    "application/openmetrics-text": string;
                };
            };
            /** @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    prometheus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format, or OpenMetrics if requested. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/openmetrics-text": string;
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    metricsHistory: {
        parameters: {
            query?: {
                /** @description Model to report on. Defaults to all models together. */
                model?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricsHistory"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    recentRequests: {
        parameters: {
            query?: {
                /** @description Model to report on. Defaults to all models. */
                model?: string;
                /** @description Defaults to all kinds. */
                kind?: "FAILED" | "REFUSED" | "SLOW";
                /** @description Number of entries, 1 to 1000. Defaults to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The requests. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentRequests"];
                };
            };
            /** @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    modelEvents: {
        parameters: {
            query?: {
                /** @description Model to report on. Defaults to all models. */
                model?: string;
                /** @description Number of entries, 1 to 1000. Defaults to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelEvents"];
                };
            };
            /** @description `BAD_USER_INPUT`: The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `MODEL_NOT_FOUND`: There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    replicas: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replicas. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replicas"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    usage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    viewer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Viewer"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing or invalid. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `FORBIDDEN`: The credentials do not permit this operation. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `RATE_LIMITED`: This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `INTERNAL_SERVER_ERROR`: An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    v2ServerMetadata: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metadata of the server */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2ServerMetadata"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2Live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether the server is alive */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        live: boolean;
                    };
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2Ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether the server is ready */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        error?: string;
                    };
                };
            };
            /** @description It is not ready. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2Statistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Statistics of all models */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Statistics"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelMetadata: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metadata of a model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2ModelMetadata"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelMetadataOfVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
                /** @description Version of the model, or a label for one. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metadata of a model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2ModelMetadata"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelReady: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether a model is ready */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        ready: boolean;
                        error?: string;
                    };
                };
            };
            /** @description It is not ready. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelReadyOfVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
                /** @description Version of the model, or a label for one. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether a model is ready */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        ready: boolean;
                        error?: string;
                    };
                };
            };
            /** @description It is not ready. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelConfig: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Configuration of a model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2ModelConfig"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelConfigOfVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
                /** @description Version of the model, or a label for one. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Configuration of a model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2ModelConfig"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Statistics of a model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Statistics"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2ModelStatisticsOfVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
                /** @description Version of the model, or a label for one. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Statistics of a model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Statistics"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2Infer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Length in bytes of the JSON that precedes binary tensors; 0 for a request without JSON. */
                "Inference-Header-Content-Length"?: number;
            };
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["V2InferRequest"];
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Infer */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    /** @description Length in bytes of the JSON that precedes binary tensors; 0 for a request without JSON. */
                    "Inference-Header-Content-Length"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2InferResponse"];
                    "application/octet-stream": string;
                };
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /**
             * @description The model is still loading or failed to load; `health` says which and why.
             *
             *     The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2InferOfVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Length in bytes of the JSON that precedes binary tensors; 0 for a request without JSON. */
                "Inference-Header-Content-Length"?: number;
            };
            path: {
                /** @description Name of the model. */
                model: string;
                /** @description Version of the model, or a label for one. */
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["V2InferRequest"];
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Infer */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    /** @description Length in bytes of the JSON that precedes binary tensors; 0 for a request without JSON. */
                    "Inference-Header-Content-Length"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2InferResponse"];
                    "application/octet-stream": string;
                };
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /**
             * @description The model is still loading or failed to load; `health` says which and why.
             *
             *     The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2Generate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["V2GenerateRequest"];
            };
        };
        responses: {
            /** @description Generate text from a text */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2GenerateResponse"];
                };
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /**
             * @description The model is still loading or failed to load; `health` says which and why.
             *
             *     The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2GenerateOfVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
                /** @description Version of the model, or a label for one. */
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["V2GenerateRequest"];
            };
        };
        responses: {
            /** @description Generate text from a text */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2GenerateResponse"];
                };
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /**
             * @description The model is still loading or failed to load; `health` says which and why.
             *
             *     The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2GenerateStream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["V2GenerateRequest"];
            };
        };
        responses: {
            /** @description Generate text from a text, as an event stream */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /**
             * @description The model is still loading or failed to load; `health` says which and why.
             *
             *     The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2GenerateStreamOfVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
                /** @description Version of the model, or a label for one. */
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["V2GenerateRequest"];
            };
        };
        responses: {
            /** @description Generate text from a text, as an event stream */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description This client has sent too many requests; retry after the time in Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /**
             * @description The model is still loading or failed to load; `health` says which and why.
             *
             *     The server or the queue of the model is full; retry after the time in Retry-After.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The prediction was not ready before the request timed out. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2RepositoryIndex: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Whether to list only models that are ready. */
                    ready?: boolean;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Index of the models */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2RepositoryIndex"];
                };
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2LoadModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    parameters?: {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. The body is empty. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
    v2UnloadModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the model. */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    parameters?: {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. The body is empty. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The input is invalid for the model or the API; the message says what is allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description Credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The credentials do not permit this operation. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description There is no such model or version; the message lists those that are served. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The request body exceeds MAX_BODY_BYTES; split the request. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description The media type of the body is not supported; send application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
            /** @description An internal error; the log has the details under the request ID. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["V2Error"];
                };
            };
        };
    };
}
