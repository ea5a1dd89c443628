// Rows for the tests of rendering.

import DshColumns

/// A batch from names, types and values row by row.
func batch(_ fields: [(String, DataType)], _ rows: [[Value]]) -> Batch {
  let builders = fields.map { ColumnBuilder(type: $0.1) }
  for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
  return Batch(
    schema: Schema(fields.map { Field($0.0, $0.1) }), columns: builders.map { $0.finish() }, rowCount: rows.count)
}

func text(of buffer: MutableBuffer) -> String {
  String(decoding: UnsafeRawBufferPointer(start: buffer.start, count: buffer.byteCount), as: UTF8.self)
}

/// The diamonds of the manual: ten columns.
let diamonds = batch(
  [
    ("carat", .float64), ("cut", .string), ("color", .string), ("clarity", .string), ("depth", .float64), ("table", .float64),
    ("price", .int64), ("x", .float64), ("y", .float64), ("z", .float64),
  ],
  [
    [
      .float64(0.23), .string("Ideal"), .string("E"), .string("SI2"), .float64(61.5), .float64(55), .int64(326), .float64(3.95),
      .float64(3.98), .float64(2.43),
    ],
    [
      .float64(1.5), .string("Premium"), .string("G"), .string("VVS1"), .float64(59.8), .float64(61), .int64(15027), .float64(7.44),
      .float64(7.37), .float64(4.43),
    ],
    [
      .float64(2), .string("Very Good"), .null, .string("SI1"), .null, .float64(57), .int64(18_823), .float64(8.02), .float64(7.99),
      .float64(5),
    ],
  ])
