// The main function of Catch2 2; Catch2 3 brings a library with one (Catch2::Catch2WithMain).
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include "support/catch.hpp"
#endif
