"""Ibis types as Spark stores them, so that its files are like those of the embedded engine."""

from __future__ import annotations

from typing import Any

from ibis.backends.pyspark.datatypes import PySparkType
from pyspark.sql.types import ArrayType, DataType, StructField, StructType, TimestampNTZType, TimestampType


def spark_type(of: Any) -> DataType:
    """The type of a column; a moment without a zone stays without one."""
    if of.is_timestamp():
        return TimestampNTZType() if of.timezone is None else TimestampType()
    if of.is_array():
        return ArrayType(spark_type(of.value_type))
    if of.is_struct():
        return StructType([StructField(name, spark_type(each)) for name, each in of.fields.items()])
    plain: DataType = PySparkType.from_ibis(of)
    return plain


def struct(schema: Any) -> StructType:
    """The columns of a table."""
    return StructType([StructField(name, spark_type(of)) for name, of in schema.items()])
