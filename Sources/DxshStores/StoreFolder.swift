/// The files of a store's folder.
package enum StoreFolder {
  package static func database(in folder: String) -> String { folder + "/store.sqlite" }
  static func locks(in folder: String) -> String { folder + "/locks" }
  static func artifacts(in folder: String) -> String { folder + "/files" }
}
