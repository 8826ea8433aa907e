"""pandas.read_csv of the given order files: CPU and wall seconds of the reading."""
import json
import sys
import time

import pandas

wall, cpu = time.perf_counter(), time.process_time()
for path in sys.argv[1:]:
    header = pandas.read_csv(path, nrows=0).columns
    pandas.read_csv(path, dtype={header[0]: str, header[1]: str}, parse_dates=["InvoiceDate"])
print(json.dumps({
    "cpu": time.process_time() - cpu,
    "wall": time.perf_counter() - wall,
    "version": "pandas " + pandas.__version__,
}))
