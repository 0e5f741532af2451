"""Makes points.csv and expected.json: a small set with planted outliers, and what scikit-learn says about it.

Run in a virtual environment with scikit-learn 1.9.1:  python tests/data/sklearn/make.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

HERE = Path(__file__).parent
draw = np.random.default_rng(20240501)

# Three habits of different size and shape, and 24 rows that are odd in two or three of the eight columns.
mix = draw.normal(size=(8, 8)) * 0.5 + np.eye(8)
habits = [
    draw.normal(size=(240, 8)) @ mix,
    draw.normal(size=(140, 8)) * 0.7 + np.array([6, 0, -5, 0, 4, 0, 0, 3]),
    draw.normal(size=(96, 8)) * [1, 0.3, 1, 0.3, 1, 0.3, 1, 0.3] + np.array([-5, 4, 0, 6, 0, 0, -4, 0]),
]
odd = np.vstack(habits)[draw.choice(476, 24, replace=False)]
for row in odd:
    columns = draw.choice(8, draw.integers(2, 4), replace=False)
    row[columns] += draw.choice([-1, 1], len(columns)) * draw.uniform(3, 8, len(columns))
rows = np.vstack([*habits, odd])
truth = np.array([0] * 476 + [1] * 24)
order = draw.permutation(500)
rows, truth = np.round(rows[order], 4), truth[order]

# The scale that src/detect/scale.rs describes.
medians = np.median(rows, axis=0)
spreads = np.median(np.abs(rows - medians), axis=0) * 1.482602218505602
scaled = np.clip((rows - medians) / spreads, -10, 10)

aucs = [
    roc_auc_score(truth, -IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(rows).score_samples(rows))
    for seed in range(10)
]
pca = PCA(svd_solver="full").fit(scaled)
expected = {
    "forest_auc": float(np.mean(aucs)),
    "forest_auc_deviation": float(np.std(aucs)),
    "eigenvalues": pca.explained_variance_.tolist(),
    "components": pca.components_.tolist(),
    "inertia": {str(k): float(KMeans(k, n_init=50, random_state=0).fit(scaled).inertia_) for k in (2, 3, 4, 6)},
    # On the unscaled rows: whatever is handed in.
    "dbscan": [
        {"eps": eps, "min_samples": least, "labels": DBSCAN(eps=eps, min_samples=least).fit_predict(rows).tolist()}
        for eps, least in [(1.0, 3), (1.5, 5), (2.0, 5), (2.0, 10), (2.5, 10), (4.0, 10)]
    ],
}

np.savetxt(HERE / "points.csv", np.column_stack([truth, rows]), fmt=["%d"] + ["%.4f"] * 8, delimiter=",")
(HERE / "expected.json").write_text(json.dumps(expected) + "\n")
for case in expected["dbscan"]:
    print(case["eps"], case["min_samples"], np.unique(case["labels"], return_counts=True))
print({k: v for k, v in expected.items() if k.startswith("forest") or k == "inertia"})
