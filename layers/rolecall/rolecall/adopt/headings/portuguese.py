"""Headings in Portuguese."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PORTUGUESE"]

PORTUGUESE: Mapping[str, str] = {
    "platform": "plataforma|rede social|rede|redes sociais|canal|tipo de rede"
    "|midia social|tipo de conta|tipo de canal|meio|media social|tipo de rede social",
    "handle": "usuario|nome de usuario|nome de utilizador|utilizador|identificador|arroba"
    "|nome do usuario|usuario da conta|nick da conta|identificador da conta",
    "url": "ligacao|endereco web|endereco da pagina|link da pagina|hiperligacao"
    "|endereco na internet|link da conta|link do perfil|url da pagina|link para a pagina"
    "|endereco url|url da conta|link para o perfil|endereco do perfil"
    "|endereco eletronico da pagina|link do canal|enlace da pagina|endereco do site",
    "label": "nome da pagina|nome da conta|conta|pagina|perfil|nome do perfil"
    "|titulo da pagina|nome do canal|titulo da conta|denominacao da conta|nome exibido",
    "name": "nome|nomes|designacao|denominacao",
    "address": "endereco|morada|contactos gerais",
    "kind": "tipo|categoria|especie",
    "status": "estado|situacao|ativo|ativa|em uso|estado da conta|ainda ativa"
    "|ativa sim nao|status da conta|em utilizacao|em funcionamento|situacao atual|conta ativa",
    "language": "idioma|idiomas|lingua|idioma do conteudo|lingua do conteudo",
    "entity": "entidade|paroquia|escola|departamento|organizacao|unidade|setor"
    "|instituicao|orgao|colegio|centro|servico|secretaria|nome da paroquia|nome da escola"
    "|nome da instituicao|area|associacao|camara municipal|municipio|prefeitura|grupo|equipa"
    "|equipe|pertence a|comunidade|agrupamento|pastoral|nome da entidade|unidade responsavel"
    "|gabinete|ministerio|faculdade|movimento|direcao responsavel|orgao responsavel|instituto"
    "|agencia",
    "entity_below": "subunidade|subsetor|suborganizacao|subentidade|subdepartamento|subdivisao",
    "entity_above": "entidade superior|diocese|arciprestado|organizacao mae"
    "|unidade superior|depende de|regiao|arquidiocese|vicariato|orgao superior|direcao geral"
    "|faz parte de|nivel superior|entidade mae|decanato|forania",
    "email_domain": "dominio de email|dominio de correio",
    "administrator": "administrador|administradora|administradores|gestor|gestores"
    "|gerido por|administrado por|gerenciado por|quem administra|quem gere|quem gerencia"
    "|acesso|quem tem acesso|pessoas com acesso|tem acesso|quem publica|publicado por"
    "|moderador|moderadores|administrador da pagina|administradores da pagina"
    "|outros administradores|gestora|gerente da conta|mantido por|community manager"
    "|gestor da conta|administrador da conta|gestao da conta|com acesso|usuarios com acesso"
    "|administrador principal|administrador substituto|quem cuida",
    "administrator:owner": "proprietario da pagina|papel de proprietario|superadministrador",
    "administrator:editor": "editor|editora|editores|redator|redatores|colaborador"
    "|colaboradores|autor|autores|redatora",
    "administrator:analyst": "analista|analistas|somente leitura|apenas leitura",
    "holder": "quem tem a senha|quem sabe a senha|quem conhece a senha|senha em posse de"
    "|tem a senha|conhece a senha|conhecem a senha|pessoas com a senha"
    "|quem tem a palavra passe|quem sabe a palavra passe|quem conhece a palavra passe"
    "|senha conhecida por|sabem a senha|detentor da senha|tem a palavra passe"
    "|conhecem a palavra passe|detentor da palavra passe|senha com|quem possui a senha"
    "|guardiao da senha",
    "owner": "responsavel|pessoa responsavel|proprietario|proprietaria"
    "|responsavel pela conta|titular|titular da conta|encarregado|dono|encarregado da conta"
    "|a cargo de|responsavel da conta|dono da conta|quem e responsavel|proprietario da conta"
    "|nome do responsavel|referencia da conta",
    "head": "diretor|diretora|paroco|reitor|reitora|chefe|chefe de departamento"
    "|presidente|responsavel da entidade|responsavel pela entidade|diretor da escola|decano"
    "|pastor|superior|coordenador|coordenadora|nome do diretor|presidente da camara|chefia"
    "|dirigente|diretor geral|prefeito",
    "contact": "contacto|contato|pessoa de contacto|pessoa de contato|contatos|contactos"
    "|contacto tecnico|contato tecnico|contacto de imprensa|contato de imprensa"
    "|ponto de contacto|ponto de contato|contato principal|nome do contato|nome do contacto"
    "|contato de seguranca|contacto de seguranca|interlocutor|contato de emergencia",
    "contact_email": "email de contacto|email de contato|email da secretaria|email geral"
    "|email da escola|email da paroquia|email contato|email contacto|email institucional"
    "|caixa partilhada|caixa compartilhada|email do escritorio|email do gabinete"
    "|correio eletronico de contacto|email da instituicao",
    "approver": "aprovado por|autorizado por|aprovador|validado por|aprovacao de|quem aprovou",
    "login_email": "email de acesso|email da conta|email usado|email registado"
    "|email registrado|email associado|email utilizado|email de login|email de registo"
    "|email de registro|email cadastrado|inicio de sessao|email vinculado|login"
    "|email de inicio de sessao|email de cadastro|email de recuperacao|email ligado a conta"
    "|email do login|registado com|cadastrado com",
    "mfa": "verificacao em dois passos|autenticacao de dois fatores|dois fatores"
    "|segundo fator|duplo fator|2fa ativo|verificacao em duas etapas"
    "|autenticacao em duas etapas|autenticacao multifator|2fa ativado"
    "|autenticacao em dois fatores|dupla autenticacao|2fa ativada|duas etapas",
    "storage": "senha guardada|onde esta a senha|local da senha|armazenamento da senha"
    "|onde esta guardada a senha|palavra passe guardada|gestor de senhas"
    "|gerenciador de senhas|senha armazenada|onde fica a senha|onde esta a palavra passe"
    "|onde esta guardada a palavra passe"
    "|local da palavra passe|local de armazenamento|onde se guarda a senha"
    "|senha armazenada em",
    "rotated_on": "senha alterada|senha alterada em|ultima alteracao da senha"
    "|mudanca de senha|palavra passe alterada|ultima mudanca de senha|troca de senha"
    "|data da alteracao da senha|senha trocada em|alteracao da palavra passe"
    "|ultima troca de senha|senha mudada|senha atualizada",
    "last_post_on": "ultima publicacao|ultimo post|ultima postagem|ultima atividade"
    "|data da ultima publicacao|data do ultimo post|ultimo conteudo|ultima mensagem"
    "|data ultima publicacao",
    "reviewed_on": "revisto|revisto em|ultima revisao|data de revisao|verificado em"
    "|ultima verificacao|conferido em|atualizado em|ultima atualizacao|data de verificacao"
    "|data da revisao|revisado|revisado em|data de atualizacao|verificado",
    "removal_path": "quem pode remover administradores|remocao por",
    "removal_tested_on": "remocao testada|teste de remocao",
    "privacy_record_ref": "registo de tratamento|registro de tratamento"
    "|registo de atividades de tratamento|registro de operacoes",
    "lawful_basis": "base legal|fundamento legal",
    "privacy_notice_url": "aviso de privacidade|politica de privacidade"
    "|link do aviso de privacidade|link politica de privacidade",
    "record_class": "prazo de conservacao|classe documental|prazo de guarda|temporalidade",
    "archive": "arquivado|arquivada|publicacoes arquivadas|arquivamento",
    "connected_apps": "aplicacoes ligadas|aplicativos conectados|aplicacoes conectadas"
    "|ferramentas ligadas|apps conectados",
    "number": "matricula|numero de funcionario|numero|numero mecanografico"
    "|codigo do funcionario|id funcionario|numero do colaborador",
    "first_name": "primeiro nome|nome proprio",
    "last_name": "sobrenome|apelido|ultimo nome|sobrenomes|apelidos",
    "full_name": "nome completo|funcionario|pessoa|funcionaria|trabalhador"
    "|nome do funcionario|nome e sobrenome|nome e apelido|membro|voluntario|nome da pessoa"
    "|servidor|nome do colaborador",
    "email": "correio eletronico|endereco de email|email profissional|email corporativo"
    "|endereco eletronico|email de trabalho|endereco de correio eletronico",
    "alias": "outro email|email pessoal|email alternativo|outros emails|email secundario",
    "left_on": "data de saida|saida|desligamento|data de desligamento|cessacao|ultimo dia"
    "|data de fim|data de cessacao|saiu em|demissao|data de demissao|termino",
    "started_on": "data de entrada|entrada|admissao|data de admissao|data de inicio"
    "|inicio|inicio de funcoes|contratado em|ingresso|data de contratacao",
    "department": "centro de custo|lotacao",
    "job": "cargo|funcao|ocupacao|profissao|posto|categoria profissional|papel|titulo"
    "|tarefa|cargo que ocupa",
    "type": "tipo de funcionario|tipo de contrato|tipo de vinculo"
    "|voluntario ou funcionario|tipo de pessoal|vinculo|tipo de colaborador",
    "supervisor": "superior hierarquico|superior direto|chefe direto|reporta a"
    "|chefia direta|supervisor direto",
    "clearance_level": "nivel de autorizacao|registo criminal|antecedentes criminais"
    "|nivel de habilitacao",
    "clearance_expires": "autorizacao valida ate|validade da autorizacao|registo criminal validade",
    "trained_on": "formacao|data de formacao|treinamento|data do treinamento|formado em"
    "|ultima formacao|ultimo treinamento",
    "policy_version": "versao da politica",
    "policy_acknowledged_on": "politica assinada|politica aceite|politica aceita|data de aceitacao",
    "contract_ref": "contrato|numero do contrato|referencia do contrato",
    "dpa_ref": "acordo de tratamento|acordo de tratamento de dados|contrato de subcontratacao",
    "contract_ends": "fim do contrato|termino do contrato|contrato ate|vencimento do contrato",
    "notes": "nota|notas|observacao|observacoes|comentario|comentarios|descricao|detalhes"
    "|informacoes|uso|finalidade|outros|obs|proposito|publico alvo|outras informacoes",
    "nothing": "cidade|codigo postal|telefone|rua|pais|data de criacao|criado em"
    "|telemovel|celular|fax|endereco postal|data de nascimento|distrito|cep|sexo"
    "|numero de telefone|localidade|salario|criada em|data de abertura|verificada|prioridade"
    "|numero de alunos|bairro",
}
"""Headings by field."""
