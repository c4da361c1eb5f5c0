//! A table of properties becomes a struct and the way to read it.

macro_rules! properties {
    ($(#[$doc:meta])* $name:ident { $($key:literal => $field:ident: $kind:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $(
                #[doc = concat!("`", $key, "` of the style specification.")]
                pub $field: $crate::style::Property<$kind>,
            )+
        }

        impl $name {
            /// The names of its properties in styles.
            pub(in crate::style) const NAMES: &'static [&'static str] = &[$($key,)+];

            /// Reads them from a layer; what is not there has its default.
            pub(in crate::style) fn read(reader: &mut $crate::style::reader::Reader<'_>) -> Self {
                Self { $($field: reader.property($key),)+ }
            }
        }
    };
}
