"""Headings in Spanish."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["SPANISH"]

SPANISH: Mapping[str, str] = {
    "platform": "plataforma|red social|red|redes sociales|canal|tipo de red|medio social"
    "|tipo de cuenta|servicio utilizado|tipo de canal|medio|tipo de red social",
    "handle": "usuario|nombre de usuario|usuario de la cuenta|alias de la cuenta|arroba"
    "|identificador|nombre usuario|nick|identificador de la cuenta",
    "url": "enlace|direccion web|direccion de la pagina|enlace de la pagina|vinculo"
    "|enlace a la pagina|link de la pagina|url de la pagina|direccion url|enlace del perfil"
    "|enlace al perfil|direccion de internet|liga|enlace a la cuenta|enlace de la cuenta"
    "|link de la cuenta|enlace web|url de la cuenta|hipervinculo|direccion del perfil"
    "|pagina de internet",
    "label": "nombre de la pagina|nombre de la cuenta|cuenta|pagina|perfil"
    "|nombre del perfil|titulo de la pagina|nombre del canal|titulo de la cuenta"
    "|denominacion de la cuenta|nombre de perfil|nombre visible",
    "name": "nombre|nombres|denominacion",
    "address": "direccion|datos de contacto",
    "kind": "tipo|categoria|clase",
    "status": "estado|activo|activa|en uso|situacion|sigue activa|estatus|activa si no"
    "|estado de la cuenta|cuenta activa|vigente|estado laboral|se usa|en funcionamiento",
    "language": "idioma|idiomas|lengua|idioma del contenido|idioma de la cuenta",
    "entity": "entidad|parroquia|escuela|colegio|departamento|organizacion|unidad|oficina"
    "|institucion|centro|area|organismo|dependencia|secretaria|nombre de la parroquia"
    "|nombre del colegio|nombre de la escuela|nombre de la institucion|ministerio|delegacion"
    "|servicio|ayuntamiento|municipio|grupo|equipo|pertenece a|asociacion|comunidad"
    "|unidad responsable|nombre del centro|area responsable|facultad|sede"
    "|departamento responsable|movimiento|direccion general responsable|agencia|instituto"
    "|nombre de la entidad",
    "entity_below": "subunidad|subentidad|subdireccion|subdepartamento|subarea"
    "|suborganizacion|subdivision",
    "entity_above": "entidad superior|diocesis|arciprestazgo|organizacion matriz"
    "|unidad superior|depende de|region|entidad matriz|vicaria|zona pastoral|arquidiocesis"
    "|distrito|organismo superior|direccion general|nivel superior|forma parte de|consejeria",
    "email_domain": "dominio de correo|dominio de email",
    "administrator": "administrador|administradora|administradores|gestor|gestores"
    "|gestionado por|administrado por|quien administra|quien gestiona|encargado de la pagina"
    "|acceso|quien tiene acceso|personas con acceso|con acceso|quien publica|publicado por"
    "|community manager|moderador|moderadores|administrador de la pagina"
    "|administradores de la pagina|otros administradores|gestora|manejado por|quien maneja"
    "|tienen acceso|mantenido por|gestor de la cuenta|administrador de la cuenta"
    "|quien la lleva|usuarios con acceso|administrador principal|administrador suplente"
    "|llevada por",
    "administrator:owner": "propietario de la pagina|rol propietario|superadministrador",
    "administrator:editor": "editor|editora|editores|redactor|redactores|colaborador"
    "|colaboradores|autor|autores|redactora",
    "administrator:analyst": "analista|analistas|solo lectura",
    "holder": "quien tiene la contrasena|quien sabe la contrasena"
    "|quien conoce la contrasena|contrasena en poder de|tiene la contrasena"
    "|conoce la contrasena|conocen la contrasena|personas con la contrasena"
    "|quien tiene la clave|quien sabe la clave|quienes tienen la contrasena"
    "|saben la contrasena|contrasena la tiene|tienen la contrasena|quien conoce la clave"
    "|contrasena conocida por|custodio de la contrasena|quienes conocen la contrasena"
    "|quien tiene las claves",
    "owner": "responsable|persona responsable|propietario|propietaria"
    "|responsable de la cuenta|titular|titular de la cuenta|encargado|encargada|dueno"
    "|persona encargada|referente|a cargo|a cargo de|quien es responsable|dueno de la cuenta"
    "|propietario de la cuenta|nombre del responsable|encargado de la cuenta",
    "head": "director|directora|parroco|rector|rectora|jefe|jefa|jefe de departamento"
    "|superior|responsable de la entidad|presidente|presidenta|director del colegio"
    "|director de la escuela|decano|jefe de area|pastor|coordinador|coordinadora"
    "|nombre del director|alcalde|direccion del centro|jefatura|dirigente|director general",
    "contact": "contacto|persona de contacto|contactos|contacto tecnico"
    "|contacto de prensa|punto de contacto|contacto principal|nombre de contacto"
    "|nombre del contacto|contacto de seguridad|contacto de emergencia|interlocutor"
    "|persona a contactar",
    "contact_email": "correo de contacto|email de contacto|correo general"
    "|correo de la oficina|correo del colegio|correo de la parroquia|correo de la escuela"
    "|email contacto|correo contacto|correo de la secretaria|email general"
    "|correo institucional|buzon compartido|correo del centro|correo electronico de contacto"
    "|correo de oficina",
    "approver": "aprobado por|autorizado por|aprobador|validado por|visto bueno"
    "|aprobada por|quien aprobo",
    "login_email": "correo de acceso|correo de la cuenta|correo usado|correo registrado"
    "|correo asociado|correo de inicio de sesion|email de la cuenta|email usado"
    "|email registrado|correo utilizado|inicio de sesion|correo vinculado"
    "|correo electronico de la cuenta|email asociado|email de acceso|correo de registro"
    "|correo electronico usado|correo de recuperacion|login|correo con el que se registro"
    "|email de registro|correo electronico registrado|correo electronico asociado",
    "mfa": "verificacion en dos pasos|doble factor|autenticacion de dos factores"
    "|segundo factor|dos factores|2fa activado|doble autenticacion|autenticacion en dos pasos"
    "|autenticacion multifactor|doble verificacion|2fa activada|dos pasos|factor doble"
    "|2fa activo",
    "storage": "contrasena guardada|donde esta la contrasena|lugar de la contrasena"
    "|almacenamiento de la contrasena|donde se guarda la contrasena|donde se guarda"
    "|gestor de contrasenas|contrasena guardada en|donde esta guardada la contrasena"
    "|contrasena almacenada|ubicacion de la contrasena|donde esta la clave"
    "|lugar de almacenamiento|contrasena almacenada en",
    "rotated_on": "cambio de contrasena|ultimo cambio de contrasena|contrasena cambiada"
    "|contrasena cambiada el|fecha de cambio de contrasena|contrasena modificada"
    "|contrasena actualizada|fecha cambio contrasena|ultima modificacion de la contrasena"
    "|cambio de clave|ultimo cambio de clave|contrasena renovada",
    "last_post_on": "ultima publicacion|ultimo post|ultima actividad"
    "|fecha de la ultima publicacion|ultima entrada|ultimo mensaje|fecha ultima publicacion"
    "|ultimo contenido|fecha del ultimo post",
    "reviewed_on": "revisado|revisado el|ultima revision|fecha de revision|comprobado"
    "|verificado el|ultima comprobacion|ultima verificacion|actualizado el"
    "|ultima actualizacion|fecha de actualizacion|comprobado el|fecha revision|actualizado"
    "|revisada",
    "removal_path": "quien puede quitar administradores|baja por",
    "removal_tested_on": "baja probada|prueba de baja",
    "privacy_record_ref": "registro de tratamiento|registro de actividades"
    "|registro de actividades de tratamiento|ref rat",
    "lawful_basis": "base legal|base juridica|legitimacion",
    "privacy_notice_url": "aviso de privacidad|politica de privacidad"
    "|enlace al aviso de privacidad|enlace politica de privacidad",
    "record_class": "plazo de conservacion|clase documental|serie documental",
    "archive": "archivado|archivada|publicaciones archivadas|se archiva",
    "connected_apps": "aplicaciones conectadas|aplicaciones vinculadas|apps conectadas"
    "|herramientas conectadas",
    "number": "numero de empleado|legajo|numero|n de empleado|id empleado|matricula"
    "|numero de personal|num empleado|codigo de empleado|nro",
    "first_name": "nombre de pila|primer nombre",
    "last_name": "apellido|apellidos|primer apellido",
    "full_name": "nombre completo|nombre y apellidos|apellidos y nombre|empleado|persona"
    "|empleada|trabajador|nombre del empleado|miembro|voluntario|nombre y apellido"
    "|apellido y nombre|nombre de la persona|colaborador nombre",
    "email": "correo|correo electronico|email personal de trabajo|direccion de correo"
    "|correo corporativo|email corporativo|direccion de correo electronico|correo de trabajo"
    "|direccion email",
    "alias": "otro correo|correo personal|correo alternativo|otros correos|email personal"
    "|correo secundario",
    "left_on": "fecha de baja|baja|fecha de salida|salida|cese|fecha de cese|ultimo dia"
    "|fecha de termino|fecha fin|fin de contrato empleado|se fue el|fecha de retiro"
    "|fecha de egreso",
    "started_on": "fecha de alta|alta|fecha de ingreso|ingreso|fecha de inicio|inicio"
    "|fecha de contratacion|fecha de incorporacion|incorporacion|desde cuando trabaja",
    "department": "centro de coste|centro de costo",
    "job": "cargo|puesto|funcion|ocupacion|rol|puesto de trabajo|titulo del puesto"
    "|profesion|cargo que ocupa|oficio|tarea",
    "type": "tipo de empleado|tipo de contrato|tipo de personal|voluntario o empleado"
    "|tipo de vinculacion|relacion laboral|tipo de trabajador",
    "supervisor": "jefe directo|superior directo|reporta a|jefe inmediato"
    "|supervisor directo|supervisado por",
    "clearance_level": "nivel de autorizacion|certificado de antecedentes|nivel de habilitacion",
    "clearance_expires": "autorizacion hasta|vencimiento de autorizacion|certificado valido hasta",
    "trained_on": "formado el|formacion|fecha de formacion|ultima formacion|capacitacion"
    "|fecha de capacitacion|capacitado el",
    "policy_version": "version de la politica",
    "policy_acknowledged_on": "politica firmada|politica aceptada|fecha de aceptacion"
    "|politica firmada el",
    "contract_ref": "contrato|numero de contrato|referencia del contrato",
    "dpa_ref": "acuerdo de tratamiento|encargo de tratamiento|contrato de encargo",
    "contract_ends": "fin del contrato|fin de contrato|contrato hasta|vencimiento del contrato",
    "notes": "nota|notas|observacion|observaciones|comentario|comentarios|descripcion"
    "|detalle|detalles|informacion|uso|proposito|publico|otros|otra informacion|finalidad"
    "|informacion adicional",
    "nothing": "ciudad|codigo postal|telefono|calle|pais|fecha de creacion|creado el"
    "|movil|provincia|fax|direccion postal|fecha de nacimiento|celular|sexo|localidad"
    "|fecha de alta de la cuenta|numero de telefono|poblacion|creada el|fecha de apertura"
    "|salario|verificada|prioridad|numero de alumnos",
}
"""Headings by field."""
