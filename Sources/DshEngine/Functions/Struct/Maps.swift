// What maps consist of.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let maps: [Function] = [
    Function(
      "map_of", .struct, ["keys", "values"],
      [Overload([.list(.variable(0)), .list(.variable(1))], result: .map(.variable(0), .variable(1)))],
      "A map of keys and as many values.",
      examples: [("map_of([\"a\", \"b\"], [1, 2])[\"a\"]", "1"), ("map_of([\"a\", \"b\"], [1, 2])[\"b\"]", "2")]
    ) { _ in Kernel(canFail: true) { $0.maps() } },
    mapFunction(
      "map_keys", .list(.variable(0)), "The keys of a map.",
      [("map_keys(map_of([\"a\", \"b\"], [1, 2]))", "[a, b]"), ("map_keys(map_of([3], [null]))", "[3]")]
    ) { entries, _ in entries.keys },
    mapFunction(
      "map_values", .list(.variable(1)), "The values of a map, in the order of its keys.",
      [("map_values(map_of([\"a\", \"b\"], [1, 2]))", "[1, 2]"), ("map_values(map_of([3], [\"x\"]))", "[x]")]
    ) { entries, _ in entries.values },
    mapFunction(
      "map_entries", .list(.record([PatternField("key", .variable(0)), PatternField("value", .variable(1))])),
      "The entries of a map, as structures of key and value.",
      [
        ("map_entries(map_of([\"a\"], [1]))", "[{key: a, value: 1}]"),
        ("length(map_entries(map_of([1, 2], [3, 4])))", "2"),
      ]
    ) { $1 },
  ]

  private static func mapFunction(
    _ name: String, _ result: TypePattern, _ summary: String, _ examples: [(String, String)],
    _ part: @escaping @Sendable ((keys: Column, values: Column), Column) -> Column
  ) -> Function {
    Function(
      name, .struct, ["map"], [Overload([.map(.variable(0), .variable(1))], result: result)], summary, examples: examples
    ) { site in
      let type = site.types[0]
      return Kernel { call in
        let column = call.arguments[0].materialized(rowCount: call.rowCount)
        guard case .list(let offsets, let elements) = column.storage, let entries = elements.entries(of: type) else {
          return call.allNull()
        }
        return Column(
          type: call.type, count: call.rowCount, validity: column.validity,
          storage: .list(offsets: offsets, elements: part(entries, elements)))
      }
    }
  }

  /// The value of a key of a map; of several that are equal the last.
  static let mapValueKernel = Kernel { call in
    let maps = ListArgument(call.arguments[0])
    let key = call.arguments[1]
    guard let entries = maps.elements.entries(of: call.arguments[0].type) else { return call.allNull() }
    return call.elements(of: entries.values) { row in
      maps[row].last {
        entries.keys.isValid($0) && RowOrder.compare(entries.keys, $0, key.column, key.isConstant ? 0 : row) == 0
      }
    }
  }
}

extension Call {
  /// A map of the keys and the values in each row.
  fileprivate func maps() -> Column {
    let (keys, values) = (ListArgument(arguments[0]), ListArgument(arguments[1]))
    let (keyPlaces, valuePlaces, offsets) = (
      MutableBuffer(capacity: 0), MutableBuffer(capacity: 0), MutableBuffer(capacity: (rowCount + 1) * 4)
    )
    offsets.append(Int32(0))
    for row in 0..<rowCount {
      let (keyRange, valueRange) = isValid(row) ? (keys[row], values[row]) : (0..<0, 0..<0)
      if keyRange.count != valueRange.count {
        fail(row, Diagnostic(.badArgument, "\(keyRange.count) keys and \(valueRange.count) values"))
      } else if keyRange.contains(where: { !keys.elements.isValid($0) }) {
        fail(row, Diagnostic(.badArgument, "a key of a map is null"))
      } else {
        for key in keyRange { keyPlaces.append(Int32(truncatingIfNeeded: key)) }
        for value in valueRange { valuePlaces.append(Int32(truncatingIfNeeded: value)) }
      }
      offsets.append(Int32(truncatingIfNeeded: keyPlaces.byteCount / 4))
    }
    func gathered(_ column: Column, _ places: MutableBuffer) -> Column {
      column.gather(RowIndexes(buffer: places.freeze(), count: places.byteCount / 4))
    }
    let columns = [gathered(keys.elements, keyPlaces), gathered(values.elements, valuePlaces)]
    let entries = Column(type: type.entry ?? .null, count: columns[0].count, validity: nil, storage: .structure(columns))
    return Column(type: type, count: rowCount, validity: nil, storage: .list(offsets: offsets.freeze(), elements: entries))
  }
}
