// The setting `report`.

extension Setting {
  static let report = Setting.choice("report", "How receipts are printed", \.report)
}
