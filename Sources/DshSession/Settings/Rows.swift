// The setting `rows`.

extension Setting {
  static let rows = Setting.count(
    "rows", within: 1...1_000_000, orNone: "all",
    "Rows of a table that are shown; those in the middle are left out, and last shows them", \.rows)
}
