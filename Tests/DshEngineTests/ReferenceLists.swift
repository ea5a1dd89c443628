// Lists for the reference evaluator: arrays of values, looked through from the start.

import DshColumns

enum ReferenceLists {
  /// The value of a call of a function that sees nulls; nil if it is of no such function.
  static func callWithNulls(_ name: String, _ values: [Value]) -> Value? {
    switch (name, values.first) {
    case ("list_append", .list(let list)): .list(list + [values[1]])
    case ("list_append", .null), ("list_prepend", .null): .null
    case ("list_prepend", .list(let list)): .list([values[1]] + list)
    case ("list_concat", _): .list(values.flatMap { members($0) ?? [] })
    default: nil
    }
  }

  /// The value of a call over values that are not null; nil if it is of no such function.
  static func call(_ name: String, _ values: [Value]) -> Value? {
    guard let list = values.first.flatMap(members) else { return nil }
    let second = values.dropFirst().first
    if case .int64(let count)? = second, name == "list_take" || name == "list_drop" {
      let size = Int(clamping: count.magnitude)
      switch (name, count >= 0) {
      case ("list_take", true): return .list(Array(list.prefix(size)))
      case ("list_take", false): return .list(Array(list.suffix(size)))
      case (_, true): return .list(Array(list.dropFirst(size)))
      default: return .list(Array(list.dropLast(size)))
      }
    }
    let known = list.filter { !$0.isNull }
    let other = second.flatMap(members) ?? []
    switch name {
    case "list_remove": return .list(list.filter { $0.isNull || !equal($0, values[1]) })
    case "list_position": return list.firstIndex { !$0.isNull && equal($0, values[1]) }.map { .int64(Int64($0)) } ?? .null
    case "list_drop_nulls": return .list(known)
    case "list_count": return .int64(Int64(known.count))
    case "list_unique_count": return .int64(Int64(different(known).count))
    case "list_has_any": return .bool(known.contains { holds(other, $0) })
    case "list_has_all": return .bool(other.allSatisfy { $0.isNull || holds(list, $0) })
    case "list_intersect": return .list(different(known).filter { holds(other, $0) })
    case "list_except": return .list(different(known).filter { !holds(other, $0) })
    case "list_union": return .list(different(known + other.filter { !$0.isNull }))
    case "list_sort_desc":
      return .list(known.sorted { ReferenceFunctions.order($0, $1) > 0 } + list.filter(\.isNull))
    default: return nil
    }
  }

  private static func members(_ value: Value) -> [Value]? { if case .list(let members) = value { members } else { nil } }

  private static func equal(_ a: Value, _ b: Value) -> Bool { ReferenceFunctions.order(a, b) == 0 }

  private static func holds(_ list: [Value], _ value: Value) -> Bool { list.contains { !$0.isNull && equal($0, value) } }

  private static func different(_ list: [Value]) -> [Value] {
    list.reduce(into: []) { kept, value in if !holds(kept, value) { kept.append(value) } }
  }
}
