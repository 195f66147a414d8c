"""The stack to beat: FastAPI, PyTorch and Redis, one process a worker.

The settings come from the environment: BENCH_CONFIG (a JSON file that names the models), REDIS_URL,
TORCH_THREADS and INFERENCE_THREADS. Inference runs in a pool of threads, so that the event loop
answers cached requests meanwhile.
"""

import asyncio
import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional, Union

import torch
import ujson
from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel, Field
from redis.asyncio import Redis

from models import MODELS

torch.set_num_threads(int(os.environ.get("TORCH_THREADS", "1")))

with open(os.environ["BENCH_CONFIG"]) as file:
    CONFIG = json.load(file)

CACHE_SECONDS = 3600

app = FastAPI()
models = {name: MODELS[name](spec) for name, spec in CONFIG.items()}
redis = Redis.from_url(os.environ["REDIS_URL"])
pool = ThreadPoolExecutor(int(os.environ.get("INFERENCE_THREADS", "1")))


class TensorInput(BaseModel):
    name: str
    datatype: str
    shape: List[int]
    data: List[int]


class ModelInput(BaseModel):
    image: Optional[str]
    tensors: Optional[List[TensorInput]] = Field(None, max_items=64)


class PredictRequest(BaseModel):
    input: Union[str, ModelInput]
    model: str = "banking77"


class BatchRequest(BaseModel):
    inputs: List[Union[str, ModelInput]] = Field(min_items=1, max_items=10_000)
    model: str = "banking77"


class Prediction(BaseModel):
    prediction: Any
    confidence: Optional[float]
    latency_ms: float
    model: str
    version: str
    cached: bool


class BatchPrediction(BaseModel):
    results: List[Prediction]
    latency_ms: float


def find_model(name: str):
    model = models.get(name)
    if model is None:
        raise HTTPException(404, f"There is no model {name}.")
    return model


def prepare(model, given: Union[str, ModelInput]):
    return model.prepare(given if isinstance(given, str) else given.dict())


def key_of(name: str, prepared: Union[str, bytes]) -> str:
    data = prepared.encode() if isinstance(prepared, str) else prepared
    return f"prediction:{name}:{hashlib.sha256(data).hexdigest()}"


def answer(name: str, stored: Dict[str, Any], cached: bool, started: float) -> Dict[str, Any]:
    latency_ms = (time.perf_counter() - started) * 1000
    return {**stored, "latency_ms": latency_ms, "model": name, "version": "1", "cached": cached}


def as_json(content: Dict[str, Any]) -> Response:
    # A Response skips FastAPI's second validation of what the model answered.
    return Response(ujson.dumps(content), media_type="application/json")


async def infer(model, rows: list) -> List[Dict[str, Any]]:
    loop = asyncio.get_running_loop()
    answers = await loop.run_in_executor(pool, model.predict, rows)
    return [{"prediction": prediction, "confidence": p} for prediction, p in answers]


@app.post("/predict", response_model=Prediction)
async def predict(request: PredictRequest):
    started = time.perf_counter()
    name = request.model
    model = find_model(name)
    prepared = prepare(model, request.input)
    key = key_of(name, prepared)
    stored = await redis.get(key)
    if stored is not None:
        return as_json(answer(name, ujson.loads(stored), True, started))
    [fresh] = await infer(model, [prepared])
    await redis.set(key, ujson.dumps(fresh), ex=CACHE_SECONDS)
    return as_json(answer(name, fresh, False, started))


@app.post("/predict/batch", response_model=BatchPrediction)
async def predict_batch(request: BatchRequest):
    started = time.perf_counter()
    name = request.model
    model = find_model(name)
    rows = [prepare(model, given) for given in request.inputs]
    keys = [key_of(name, row) for row in rows]
    found = [None if raw is None else ujson.loads(raw) for raw in await redis.mget(keys)]
    missing = [i for i, stored in enumerate(found) if stored is None]
    results = list(found)
    if missing:
        async with redis.pipeline(transaction=False) as pipeline:
            for i, fresh in zip(missing, await infer(model, [rows[i] for i in missing])):
                results[i] = fresh
                pipeline.set(keys[i], ujson.dumps(fresh), ex=CACHE_SECONDS)
            await pipeline.execute()
    answers = [
        answer(name, stored, found[i] is not None, started) for i, stored in enumerate(results)
    ]
    return as_json({"results": answers, "latency_ms": (time.perf_counter() - started) * 1000})


@app.get("/health")
async def health():
    return {"status": "healthy", "model_loaded": True}
