// The setting `digits`.

extension Setting {
  static let digits = Setting.count(
    "digits", within: 1...17, orNone: "auto",
    "Significant digits of fractions in tables, 6 with auto; the whole part is never cut, and data formats stay exact", \.digits)
}
