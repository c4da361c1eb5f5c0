"""A PostgreSQL of its own with PostGIS for the comparisons (Debian: postgresql-15-postgis-3, gdal-bin): on a free port of the loopback
and a socket in its folder, run by the user `postgres` where root starts it, and set up as for two cores and 24 GB that serve maps.
"""

import getpass
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from load import free_port, spent

SETTINGS = {
    "shared_buffers": "4GB",
    "effective_cache_size": "16GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "200",
    "max_wal_size": "4GB",
    # Tiles and pages are too small to compile for, and on two cores that are busy anyway helpers make each slower.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}


class Database:
    """Tables are loaded once and stay in the folder."""

    def __init__(self, folder):
        self.folder = folder / "postgresql"
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        found = programs[-1] if programs else shutil.which("postgres")
        if not found:
            sys.exit("PostgreSQL is not installed: apt-get install postgresql-15-postgis-3")
        programs = pathlib.Path(found).parent
        self.user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        owner = {"user": self.user, "group": self.user, "extra_groups": []} if os.geteuid() == 0 else {}
        fresh = not (self.folder / "PG_VERSION").exists()
        if fresh:
            self.folder.mkdir(parents=True, exist_ok=True)
            if owner:
                shutil.chown(self.folder, self.user, self.user)
            command = [programs / "initdb", "-D", self.folder, "-U", self.user, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **owner)
        self.port = free_port()
        command = [programs / "postgres", "-D", self.folder, "-p", str(self.port), "-h", "127.0.0.1", "-k", self.folder]
        command += [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        log = open(self.folder.parent / "postgresql.log", "a")
        self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", start_new_session=True, **owner)
        while subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user]).returncode:
            if self.process.poll() is not None:
                sys.exit(f"PostgreSQL ended: see {log.name}")
            time.sleep(0.1)
        if fresh:
            self.run("CREATE DATABASE peers", name="postgres")
            self.run("CREATE EXTENSION postgis")

    def url(self, scheme="postgresql"):
        return f"{scheme}://{self.user}@127.0.0.1:{self.port}/peers"

    def run(self, *statements, name="peers"):
        command = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-d", name]
        command += [part for statement in statements for part in ("-c", statement)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def load(self, path, table, srid):
        """Loads a file into a table unless it is there, with a GiST index; what is drawn is in Web Mercator and sorted by that."""
        kept = f"{path} of {path.stat().st_size} bytes"
        if self.run(f"SELECT obj_description(to_regclass('{table}'), 'pg_class')") == kept:
            return
        target = f"PG:host=127.0.0.1 port={self.port} user={self.user} dbname=peers"
        command = ["ogr2ogr", "-overwrite", "-f", "PostgreSQL", target, path, "-nln", table, "-nlt", "PROMOTE_TO_MULTI",
                   "-lco", "FID=fid", "-preserve_fid", "-lco", "GEOMETRY_NAME=geom", "-lco", "SPATIAL_INDEX=GIST"]
        if srid == 3857:
            command += ["-t_srs", "EPSG:3857", "-clipsrc", "-180", "-85.0511", "180", "85.0511"]
        subprocess.run(command, check=True, env={**os.environ, "PG_USE_COPY": "YES"})
        if srid == 3857:
            self.run(f"CLUSTER {table} USING {table}_geom_geom_idx")
        self.run(f"VACUUM ANALYZE {table}", f"COMMENT ON TABLE {table} IS '{kept}'")

    def cpu(self):
        return spent(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
