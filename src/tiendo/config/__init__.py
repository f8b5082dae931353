"""The roof: settings, root urls, the command line. SQLite comes from pysqlite3, whose WAL is safe."""

import sys

import pysqlite3
import pysqlite3.dbapi2

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
