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
         * @description The input is a text, or an object with the kind of input that the model takes.
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
         * @description Answers come in the order of the inputs; a bad input is an error in its place.
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
         * @description Loads it, or one version of it, beside what serves; answers when it is ready.
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
         * @description Takes it, or one version of it, out of memory; answers when it is freed.
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
         * @description Takes what has changed in one folder, or in all, and answers when it serves.
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
         * @description Spreads the requests that name no version, instead of what model.yaml says. With neither `split` nor `shadow`, model.yaml counts again.
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
        /** Compare what a model gets and predicts with its reference */
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
         * Make what a model has had of late its reference
         * @description Answers the content of a `profile.json`, and holds the model against it from now on.
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
         * Report what turned out to be right
         * @description Predictions are remembered for 24 hours (the last 100,000), on the replica that answered.
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
        /** How the server and its models are */
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
         * Whether the process takes traffic
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
         * What the server has counted
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
        /** What the server has counted, for Prometheus */
        get: operations["prometheus"];
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
        /** Whether the server lives */
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
        /** Text for a text */
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
        /** Text for a text, of one version */
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
        /** Text for a text, as an event stream */
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
        /** Text for a text, as an event stream, of one version */
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
            /** @description What to predict on: a text, or an object that says what it is. */
            input: string | components["schemas"]["ModelInput"];
            /** @description Name of the model. Left out: the default model. */
            model?: string;
            /** @description Version of the model, or a label for one. Left out: the traffic of the model decides. */
            version?: string;
            /** @description Makes the choice of a version sticky where the traffic of the model is split: a user or session, say. Left out: X-Assignment-Key, else chosen anew for each request. */
            assignment_key?: string;
            /** @description How many of the likeliest labels to list in the answer. */
            scores?: number;
            /** @description Whether to list all output tensors in the answer. */
            outputs?: boolean;
            /** @description How the prediction is to be made. */
            options?: {
                /** @description Deadline in milliseconds. Left out: X-Request-Timeout-Ms. */
                timeout_ms?: number;
                /**
                 * @description Left out: interactive for one input, bulk for a batch.
                 * @enum {string}
                 */
                priority?: "interactive" | "bulk";
                /**
                 * @description How to treat the cache. Left out: use.
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
            /** @description Unique name of this answer. */
            id: string;
            /** @description The answer in the terms of the model. */
            prediction: unknown;
            /** @description Probability from 0 to 1; null where the output has none. */
            confidence: number | null;
            /** @description Time inside the server, in milliseconds. */
            latency_ms: number;
            model: string;
            version: string;
            /** @description Whether it came from the cache. */
            cached: boolean;
            scores?: components["schemas"]["Score"][] | null;
            outputs?: components["schemas"]["Tensor"][];
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
            /** @description Flat, in row-major order. */
            data: unknown[];
        };
        /** @description The answers to a batch. */
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
            /** @description Whether requests that name no model go here. */
            default: boolean;
            /** @enum {string} */
            state: "loading" | "warming" | "ready" | "draining" | "unloaded" | "failed";
            reason: string | null;
            serving_version: string | null;
            /** @description Whether it has made a prediction before clients came. */
            warmed: boolean | null;
            batching: components["schemas"]["Batching"] | null;
            input_kind: string | null;
            output_kind: string | null;
            labels: string[] | null;
            /** @description Columns of a model that takes tables, else null. */
            columns: components["schemas"]["InputColumn"][] | null;
            /** @description Unit of a regression. */
            unit: string | null;
            versions: components["schemas"]["ModelVersion"][];
            /** @description Names for versions that clients may ask for. */
            version_labels: {
                [key: string]: string;
            };
            /** @description Shares of the requests that name no version; the rest goes to serving_version. */
            traffic: components["schemas"]["TrafficShare"][];
            /** @description Version that runs a share of the requests too, unseen by clients. */
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
            /** @description Whether it was shown that answers are the same as alone. */
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
            /** @description Why it failed, or null. */
            reason: string | null;
            engine: string | null;
            backend: string | null;
            /** @description Whether it has made a prediction before clients came. */
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
            /** @description Whether the model declares no shape, so that any may come. */
            unranked?: boolean;
            /** @description Whether it may be left out. */
            optional?: boolean;
        };
        /** @description A version and its share of the requests. */
        TrafficShare: {
            /** @description Version, or a label for one. */
            version: string;
            /** @description Percent of the requests. */
            percent: number;
        };
        /** @description What to load. */
        LoadRequest: {
            /** @description Version to load whatever the policy says. Left out: the policy. */
            version?: string;
            /**
             * @description Takes a change that breaks the contract of what serves.
             * @default false
             */
            force: boolean;
        };
        /** @description What to unload. */
        UnloadRequest: {
            /** @description Version to unload. Left out: all. */
            version?: string;
        };
        /** @description What to read again. */
        ReloadRequest: {
            /** @description Name of the model. Left out: all. */
            model?: string;
            /**
             * @description Takes a change that breaks the contract of what serves.
             * @default false
             */
            force: boolean;
        };
        /** @description How to spread requests that name no version. */
        TrafficRequest: {
            /** @description Shares; what is left of 100 percent goes to the serving version. */
            split?: components["schemas"]["TrafficShare"][];
            /** @description Version that runs a share of the requests too. Left out: none. */
            shadow?: components["schemas"]["TrafficShare"];
        };
        /** @description How the versions of a model do. */
        ModelComparison: {
            model: string;
            serving_version: string | null;
            method: string;
            versions: components["schemas"]["VersionComparison"][];
        };
        /** @description How one version does. */
        VersionComparison: {
            version: string;
            serving: boolean;
            traffic_percent: number;
            /** @description Without those that the client got wrong; counted while more than one version is loaded. */
            requests: number;
            errors: number;
            error_rate: number | null;
            /** @description Of answers that were computed, not cached. */
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
        /** @description How a version does beside its reference. */
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
            /** @description Features over a threshold, worst first. */
            columns: string[];
            features: components["schemas"]["FeatureDrift"][];
            /** @description Features that the reference never had. */
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
            /** @description Over 1 the threshold is exceeded. */
            severity: number;
        };
        /** @description What turned out to be right. */
        OutcomeRequest: {
            /** @description `id` of the prediction. */
            prediction_id: string;
            /** @description What was right: a label, a list of labels, or a number (within 10 percent). */
            actual: string | number | string[] | number[];
        };
        /** @description How the server and its models are. */
        Health: {
            /**
             * @description degraded: some model or part is impaired; unhealthy: none can serve.
             * @enum {string}
             */
            status: "healthy" | "degraded" | "unhealthy";
            /** @description Whether at least one model can serve. */
            model_loaded: boolean;
            /** @description Whether the server takes traffic. */
            ready: boolean;
            /** @description Why it is not healthy, one line each. */
            reasons: string[];
            /** @description How many versions are loaded, of how many, while any are. */
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
                /** @description Version that serves. */
                version: string | null;
                reason: string | null;
            }[];
        };
        Probe: {
            status: string;
        };
        /** @description Counters since the start, and what happens now. */
        Metrics: {
            /** @description Milliseconds since 1970 (UTC). */
            timestamp: number;
            uptime_seconds: number;
            /** @description null for all models together. */
            model: string | null;
            /** @description Replicas of the server that are counted here. */
            replicas: number;
            /** @description Each input of a batch counts. */
            total_requests: number;
            successful_requests: number;
            failed_requests: number;
            cache_hits: number;
            cache_misses: number;
            /** @description Hits per look-up, 0 to 1. */
            cache_hit_rate: number;
            /** @description Over the last minute, as the percentiles are; null without predictions in it. */
            avg_latency_ms: number | null;
            p50_latency_ms: number | null;
            p95_latency_ms: number | null;
            p99_latency_ms: number | null;
            /** @description Predictions per second, last ten seconds. */
            throughput: number;
            in_flight: number;
            queued_rows: number;
            batches: number;
            avg_batch_size: number | null;
            batch_sizes: {
                up_to: number | null;
                count: number;
            }[];
            /** @description Failed predictions by code of the error. */
            errors: {
                [key: string]: number;
            };
        };
        /** @description What was wrong, and what is allowed. */
        V2Error: {
            error: string;
        };
        /** @description The server and what it offers. */
        V2ServerMetadata: {
            name: string;
            version: string;
            extensions: string[];
        };
        /** @description What each version of a model has done. */
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
        /** @description What a model takes and gives. */
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
            /** @description -1 where a size is open. */
            shape: number[];
        };
        /** @description Triton's ModelConfig. */
        V2ModelConfig: {
            name: string;
            platform: string;
            backend: string;
            /** @description 0 where there is no batch axis. */
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
            /** @description Given back in the answer. */
            id?: string;
            /** @description Those that are not known are ignored. */
            parameters?: {
                [key: string]: string | number | boolean;
            };
            inputs: ({
                name: string;
                /** @enum {string} */
                datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "BF16" | "FP32" | "FP64" | "BYTES";
                shape: number[];
                /** @description Those that are not known are ignored. */
                parameters?: {
                    [key: string]: string | number | boolean;
                };
                /** @description Elements in row-major order, flat or nested; left out where they are binary. */
                data?: unknown[];
            } & {
                [key: string]: unknown;
            })[];
            /** @description The wanted ones. Left out: all of the model's. */
            outputs?: ({
                name: string;
                /** @description Those that are not known are ignored. */
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
                /** @description Those that are not known are ignored. */
                parameters?: {
                    [key: string]: string | number | boolean;
                };
                /** @description Elements in row-major order, flat or nested; left out where they are binary. */
                data?: unknown[];
            }[];
        };
        /** @description One text for a model that takes one. */
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
        /** @description Name of the request in the log. */
        RequestId: string;
        /** @description Seconds after which a retry makes sense. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    predict: {
        parameters: {
            query?: never;
            header?: {
                /** @description Deadline in milliseconds. Left out: the default of the server. */
                "X-Request-Timeout-Ms"?: number;
                /** @description As `assignment_key`, for those who cannot change the body. */
                "X-Assignment-Key"?: string;
                /** @description `no-cache` computes anew and fills the cache, as `options.cache: refresh` does. */
                "Cache-Control"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictRequest"];
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
            query?: never;
            header?: {
                /** @description Deadline in milliseconds. Left out: the default of the server. */
                "X-Request-Timeout-Ms"?: number;
                /** @description As `assignment_key`, for those who cannot change the body. */
                "X-Assignment-Key"?: string;
                /** @description `no-cache` computes anew and fills the cache, as `options.cache: refresh` does. */
                "Cache-Control"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What to predict on. */
                    inputs: (string | components["schemas"]["ModelInput"])[];
                    /** @description Name of the model. Left out: the default model. */
                    model?: string;
                    /** @description Version of the model, or a label for one. Left out: the traffic of the model decides. */
                    version?: string;
                    /** @description Makes the choice of a version sticky where the traffic of the model is split: a user or session, say. Left out: X-Assignment-Key, else chosen anew for each request. */
                    assignment_key?: string;
                    /** @description How many of the likeliest labels to list in the answer. */
                    scores?: number;
                    /** @description Whether to list all output tensors in the answer. */
                    outputs?: boolean;
                    /** @description How the prediction is to be made. */
                    options?: {
                        /** @description Deadline in milliseconds. Left out: X-Request-Timeout-Ms. */
                        timeout_ms?: number;
                        /**
                         * @description Left out: interactive for one input, bulk for a batch.
                         * @enum {string}
                         */
                        priority?: "interactive" | "bulk";
                        /**
                         * @description How to treat the cache. Left out: use.
                         * @enum {string}
                         */
                        cache?: "use" | "refresh" | "bypass";
                    };
                };
            };
        };
        responses: {
            /** @description The answers. */
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
            /** @description All models in alphabetical order, failed ones too. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
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
            /** @description The models that were looked at. */
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
            /** @description The figures of this replica. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelComparison"];
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
                /** @description Version or label. Left out: the serving version. */
                version?: string;
                /** @description RECENT (the last predictions), HOUR or DAY. */
                window?: "RECENT" | "HOUR" | "DAY";
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
                /** @description Version or label. Left out: the serving version. */
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
                        /** @description An outcome counts once per prediction. */
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
            /** @description Not ready. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probe"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: {
                /** @description Only this model. Left out: all together. JSON only. */
                model?: string;
                /** @description Whose counters: of this replica, or of all replicas together. JSON only. */
                scope?: "replica" | "cluster";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counters. */
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
            /** @description Prometheus text, or OpenMetrics where that is asked for. */
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
            /** @description Whether the server lives */
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
                /** @description Bytes of the JSON in front of binary tensors; 0 in a request without JSON. */
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
                    /** @description Bytes of the JSON in front of binary tensors; 0 in a request without JSON. */
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
                /** @description Bytes of the JSON in front of binary tensors; 0 in a request without JSON. */
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
                    /** @description Bytes of the JSON in front of binary tensors; 0 in a request without JSON. */
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
            /** @description Text for a text */
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
            /** @description Text for a text */
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
            /** @description Text for a text, as an event stream */
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
            /** @description Text for a text, as an event stream */
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
                    /** @description Whether only those that answer are listed. */
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
            /** @description Done; the body is empty. */
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
            /** @description Done; the body is empty. */
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
