// The names of types, read back and unified.

import Testing

@testable import DshColumns

@Suite struct TypeTextTests {
  static let types: [DataType] =
    [
      .bool, .int64, .float64, .string, .date, .timestamp, .binary, .uint64, .decimal(precision: 38, scale: 0),
      .decimal(precision: 12, scale: 2), .time(.microseconds), .time(.nanoseconds), .duration(.seconds), .instant(.milliseconds, zone: nil),
      .instant(.microseconds, zone: "Europe/Berlin"), .instant(.nanoseconds, zone: "+02:00"), .list(.list(.narrow(.int8))),
      .map(.string, .list(.decimal(precision: 3, scale: 1))), .structure([Field("a", .int64), Field("b c", .map(.date, .bool))]),
    ] + NarrowNumber.allCases.map { .narrow($0) }

  @Test(arguments: types) func everyNameIsReadBack(_ type: DataType) {
    #expect(DataType(name: type.name) == type)
    var writer = ByteWriter()
    writer.write(type)
    var reader = ByteReader(writer.bytes)
    #expect((try? reader.readType()) == type)
  }

  @Test(arguments: [
    "decimal(39, 0)", "decimal(3, 4)", "decimal(0, 0)", "decimal(", "list<", "list<int64", "map<string>", "timestamp[h]", "timestamp[us, ]",
    "struct<>", "struct<a>", "int128", "", "int64 x", "list<int64>>",
  ])
  func whatIsNoTypeIsRefused(_ name: String) { #expect(DataType(name: name) == nil) }

  @Test func typesThatHoldBoth() {
    func unified(_ a: String, _ b: String) -> String? { DataType(name: a)?.unified(with: DataType(name: b) ?? .null)?.name }
    #expect(unified("int8", "uint8") == "int16")
    #expect(unified("uint32", "int8") == "int64")
    #expect(unified("uint16", "uint8") == "uint16")
    #expect(unified("int32", "int64") == "int64")
    #expect(unified("uint64", "int8") == "decimal(20, 0)")
    #expect(unified("float32", "int8") == "float64")
    #expect(unified("decimal(10, 2)", "int32") == "decimal(12, 2)")
    #expect(unified("decimal(38, 2)", "decimal(38, 10)") == "decimal(38, 10)")
    #expect(unified("decimal(10, 2)", "float64") == "float64")
    #expect(unified("timestamp[s]", "timestamp[ns]") == "timestamp[ns]")
    #expect(unified("timestamp[s, UTC]", "timestamp[ns]") == nil)
    #expect(unified("date", "timestamp[ms]") == "timestamp[ms]")
    #expect(unified("struct<a: int8>", "struct<b: date, a: int64>") == "struct<a: int64, b: date>")
    #expect(unified("string", "int64") == nil)
  }
}
