// Casts as functions: a function per type, named like it.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let conversions: [Function] = [
    conversion(
      "int64", .int64, "As an integer: decimals are cut off, text must be a whole number, true is 1.",
      [("int64(\"42\")", "42"), ("int64(-2.7)", "-2"), ("int64(true)", "1")]),
    conversion("float64", .float64, "As a floating point number.", [("float64(\"1e3\")", "1000.0"), ("float64(2)", "2.0")]),
    conversion(
      "string", .string, "As text, the way tables show it.",
      [("string(2.50)", "2.5"), ("string(date(\"2024-01-31\"))", "2024-01-31"), ("string([1, 2])", "[1, 2]")]),
    conversion(
      "bool", .bool, "As true or false: numbers other than 0 are true; text is true, false, yes, no, t, f, y, n, 1 or 0.",
      [("bool(\"Yes\")", "true"), ("bool(0)", "false")]),
    conversion(
      "date", .date, "As a date: text is year-month-day, a timestamp loses its time.", zones: .always(.clocks),
      [("date(\"2024-02-29\")", "2024-02-29"), ("date(timestamp(\"2024-02-29 10:00\"))", "2024-02-29")]),
    conversion(
      "timestamp", .timestamp, "As a timestamp: text is a date and perhaps a time, a date is its midnight.",
      [("timestamp(\"2024-01-31 10:00\")", "2024-01-31 10:00:00"), ("timestamp(date(\"2024-01-31\"))", "2024-01-31 00:00:00")]),
  ]

  private static func conversion(
    _ name: String, _ type: DataType, _ summary: String, zones: ZoneUse = .always(.refused), _ examples: [(String, String)]
  ) -> Function {
    Function(name, .conversion, ["value"], [Overload([.any], result: .exact(type))], summary, zones: zones, examples: examples) {
      site throws(Diagnostic) in
      try castKernel(from: site.types[0], to: type, isTry: false)
    }
  }

  /// Whether there is a cast between two types (single values may still have none).
  public static func canCast(from source: DataType, to target: DataType) -> Bool {
    (try? castKernel(from: source, to: target, isTry: false)) != nil
  }
}
