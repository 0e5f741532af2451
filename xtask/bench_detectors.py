"""scikit-learn's figures on FOLDER's matrix, one thread: a line of JSON for each detector, as benches/detectors.rs prints them."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

FOLDER = Path(sys.argv[1])
truth = np.fromfile(FOLDER / "truth.u8", dtype=np.uint8)
matrix = np.fromfile(FOLDER / "matrix.f64").reshape(len(truth), -1)
scaled = np.fromfile(FOLDER / "scaled.f64").reshape(len(truth), -1)


def measure(name, fit, score, **more):
    start = time.perf_counter()
    fitted = fit()
    middle = time.perf_counter()
    scores = score(fitted)
    end = time.perf_counter()
    figures = {"name": name, "fit": middle - start, "score": end - middle}
    figures |= {key: value(fitted, scores) for key, value in more.items()}
    print(json.dumps(figures), flush=True)


measure(
    "isolation forest",
    lambda: IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=1).fit(matrix),
    lambda forest: -forest.score_samples(matrix),
    auc=lambda _, scores: roc_auc_score(truth, scores),
)
measure("pca", lambda: PCA().fit(scaled), lambda pca: (pca.transform(scaled) ** 2 / pca.explained_variance_).sum(axis=1))
measure(
    "k-means",
    lambda: KMeans(5, n_init=10, random_state=1).fit(scaled),
    lambda kmeans: kmeans.transform(scaled).min(axis=1),
    inertia=lambda kmeans, _: float(kmeans.inertia_),
)
measure(
    "labels",
    lambda: DBSCAN(eps=3.0, min_samples=10, n_jobs=1).fit(scaled[:10000]),
    lambda dbscan: dbscan.labels_.astype(np.int32).tofile(FOLDER / "sklearn-labels.i32"),
)
for name in ("isolation-forest", "pca", "k-means", "dbscan"):
    ours = np.fromfile(FOLDER / f"{name}.f64")
    print(json.dumps({"name": f"auc of {name}", "value": roc_auc_score(truth, ours)}))
same = np.array_equal(np.fromfile(FOLDER / "labels.i32", dtype=np.int32), np.fromfile(FOLDER / "sklearn-labels.i32", dtype=np.int32))
print(json.dumps({"name": "same labels", "value": bool(same)}))
