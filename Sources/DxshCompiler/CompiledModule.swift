package import DxshSyntax

/// A file of a compilation and which others it imports, for who wants to know what a change reaches.
package struct CompiledModule: Sendable {
  package let file: SourceFile
  package let imports: [FileID]
}

extension Modules {
  var compiled: [CompiledModule] {
    all.map { module in
      CompiledModule(file: module.file, imports: module.imports.compactMap { $0.module.map { all[$0].file.id } })
    }
  }
}
