"""Scores events by two detectors anybody would try first, on plain features of the same files: eventID,score for each event.

usage: evaluate_baselines.py FILES OUT     FILES is a folder or a zip of CloudTrail's .json or .json.gz; OUT gets forest.csv and ecod.csv

An event's features: hour and weekday, an error or not, a failed login or not, MFA or not, read-only or not, and how rare (log of the
share of events) its address, its address's /16, its client, its call, its service and its region are, by themselves and for who did it.
"""

import csv
import gzip
import json
import math
import sys
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import numpy as np
from pyod.models.ecod import ECOD
from sklearn.ensemble import IsolationForest


def files(path):
    if path.is_file():
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith((".json", ".json.gz")):
                    yield name, archive.read(name)
    else:
        for file in sorted(path.rglob("*")):
            if file.name.endswith((".json", ".json.gz")):
                yield file.name, file.read_bytes()


def records(path):
    for name, data in files(path):
        parsed = json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
        yield from (parsed["Records"] if isinstance(parsed, dict) and "Records" in parsed else [])


events = list(records(Path(sys.argv[1])))
out = Path(sys.argv[2])
ids, rows, values = [], [], []
for event in events:
    who = event.get("userIdentity") or {}
    name = who.get("arn") or who.get("principalId") or who.get("userName") or who.get("invokedBy") or who.get("type") or ""
    time = datetime.fromisoformat(event["eventTime"].replace("Z", "+00:00"))
    answer = json.dumps(event.get("responseElements") or {})
    extra = event.get("additionalEventData") or {}
    mfa = str(extra.get("MFAUsed", "")) == "Yes" or '"mfaAuthenticated": "true"' in json.dumps(who)
    angle = 2 * math.pi * (time.hour + time.minute / 60) / 24
    ids.append(event.get("eventID", ""))
    rows.append([
        math.sin(angle), math.cos(angle), time.weekday(),
        float("errorCode" in event), float("Failure" in answer), float(mfa), float(bool(event.get("readOnly"))),
    ])
    address = event.get("sourceIPAddress", "")
    values.append((name, address, ".".join(address.split(".")[:2]), event.get("userAgent", ""), event.get("eventName", ""), event.get("eventSource", ""), event.get("awsRegion", "")))

rare = []
for place in range(1, 7):
    alone = Counter(value[place] for value in values)
    theirs = Counter((value[0], value[place]) for value in values)
    people = Counter(value[0] for value in values)
    rare.append([-math.log(alone[value[place]] / len(values)) for value in values])
    rare.append([-math.log(theirs[value[0], value[place]] / people[value[0]]) for value in values])
features = np.column_stack([np.array(rows), np.array(rare).T])


def write(name, scores):
    low, high = scores.min(), scores.max()
    with open(out / name, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["eventID", "score"])
        writer.writerows(zip(ids, ((scores - low) / max(high - low, 1e-12)).tolist()))


write("forest.csv", -IsolationForest(n_estimators=100, random_state=1, n_jobs=1).fit(features).score_samples(features))
detector = ECOD(n_jobs=1)
detector.fit(features)
write("ecod.csv", detector.decision_scores_)
