// The setting `pager`.

extension Setting {
  static let pager = Setting.onOff("pager", "Whether results larger than the terminal are shown in a pager", \.pager)
}
