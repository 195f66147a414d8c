# syntax=docker/dockerfile:1
# Targets: `runtime` (the default; any architecture that Node has) and `cuda` (amd64 with an NVIDIA
# card). No step but that of `cuda` depends on the architecture.

# --- build: all dependencies, dist/ ------------------------------------------------------------
FROM node:22-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run build && npm run guide

# --- runtime dependencies, native TensorFlow among them ----------------------------------------
# tfjs-node fetches libtensorflow in its install script; python3, make and g++ (in this image)
# build its binding where no prebuilt one fits. The bill of materials names what is in the image.
FROM node:22-bookworm AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
RUN npm sbom --package-lock-only --omit=dev --sbom-format=cyclonedx > sbom.cdx.json

# --- the CUDA libraries of ONNX Runtime, which its package leaves out ---------------------------
FROM deps AS deps-cuda
RUN ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js

# --- the image for graphics cards: options.executionProviders: [cuda] of a model's model.yaml ---
FROM nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04 AS cuda
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    MODELS_DIR=/app/models \
    STATE_DIR=/var/lib/ml-inference-api
WORKDIR /app
COPY --from=deps-cuda /usr/local/bin/node /usr/local/bin/node
COPY --from=deps-cuda /app/node_modules ./node_modules
COPY --from=deps-cuda /app/sbom.cdx.json ./
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY schema/schema.graphql ./schema/schema.graphql
COPY proto ./proto
COPY models ./models
RUN mkdir -p /var/lib/ml-inference-api && chown 1000:1000 /var/lib/ml-inference-api
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = 0; fetch(`http${process.env.TLS_CERT_FILE ? 's' : ''}://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/main.js"]

# --- the image ---------------------------------------------------------------------------------
# Its files belong to root: the server can write STATE_DIR and nothing else.
FROM node:22-bookworm-slim AS runtime
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    MODELS_DIR=/app/models \
    STATE_DIR=/var/lib/ml-inference-api
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY --from=deps /app/sbom.cdx.json ./
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY schema/schema.graphql ./schema/schema.graphql
COPY proto ./proto
COPY models ./models
RUN mkdir -p /var/lib/ml-inference-api && chown 1000:1000 /var/lib/ml-inference-api
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = 0; fetch(`http${process.env.TLS_CERT_FILE ? 's' : ''}://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and handles SIGTERM itself: no shell or npm in between.
CMD ["node", "--enable-source-maps", "dist/main.js"]
