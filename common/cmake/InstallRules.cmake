# What is installed besides programs and modules, which their own folders install: man pages,
# completions, licence, change log. Only what exists is installed.
set(MQTK_ZSH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
  CACHE STRING "Where completions for zsh go (Debian: share/zsh/vendor-completions)")

file(GLOB man_pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.[1-8])
foreach(page IN LISTS man_pages)
  string(REGEX MATCH "[1-8]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT man)
endforeach()

# completions/PROGRAM.bash, .zsh and .fish: each shell wants its own folder and file name.
file(GLOB completion_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/completions/*.*sh)
foreach(completion IN LISTS completion_files)
  get_filename_component(program ${completion} NAME_WE)
  if(completion MATCHES "\\.bash$")
    install(FILES ${completion} RENAME ${program} COMPONENT completions
      DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  elseif(completion MATCHES "\\.zsh$")
    install(FILES ${completion} RENAME _${program} COMPONENT completions
      DESTINATION ${MQTK_ZSH_COMPLETION_DIR})
  elseif(completion MATCHES "\\.fish$")
    install(FILES ${completion} COMPONENT completions
      DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  endif()
endforeach()

install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documentation
  OPTIONAL)

install(FILES ${PROJECT_SOURCE_DIR}/packaging/examples/config.toml COMPONENT documentation
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# What the programs write as JSON.
file(GLOB schemas CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/schemas/*.schema.json)
install(FILES ${schemas} COMPONENT documentation
  DESTINATION ${CMAKE_INSTALL_DATADIR}/mqtt-toolkit/schemas)

# Links by mosquitto's names, in a folder of their own: put it first in PATH to change over.
install(CODE "
  set(folder \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBEXECDIR}/mqtt-toolkit/mosquitto\")
  file(RELATIVE_PATH programs \"\${folder}\" \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
  file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${folder}\")
  foreach(pair mosquitto_pub:mqtt-pub mosquitto_sub:mqtt-sub mosquitto_rr:mqtt-pub)
    string(REPLACE \":\" \";\" names \${pair})
    list(GET names 0 link)
    list(GET names 1 program)
    message(STATUS \"Installing: \$ENV{DESTDIR}\${folder}/\${link}\")
    file(CREATE_LINK \"\${programs}/\${program}\" \"\$ENV{DESTDIR}\${folder}/\${link}\" SYMBOLIC)
    list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${folder}/\${link}\")
  endforeach()
")

# `cpack` in a build directory makes an archive of what is installed.
set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_VENDOR mqtt-toolkit)
# Names and places are written in one file, which the scripts read as well.
file(STRINGS ${PROJECT_SOURCE_DIR}/packaging/project.sh project_lines REGEX "^(maintainer|homepage)=")
foreach(line IN LISTS project_lines)
  string(REGEX REPLACE "^([a-z]+)='?([^']*)'?$" "\\2" value "${line}")
  if(line MATCHES "^maintainer=")
    set(CPACK_PACKAGE_CONTACT ${value})
  else()
    set(CPACK_PACKAGE_HOMEPAGE_URL ${value})
  endif()
endforeach()
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_STRIP_FILES ON)
include(CPack)
